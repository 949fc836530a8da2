import { disposable } from '../belongings.js';
import { compileLoop } from '../compile/index.js';
import type { Optimiser } from '../nn/index.js';
import { movingAverage } from '../nn/index.js';
import type { DeviceTensor, Runtime } from '../runtime/index.js';
import { neededFeeds } from '../runtime/index.js';
import type { Program, Shape, Tensor, TensorRecord, TensorValue } from '../tensor/index.js';
import { grouped, groupOf, trace } from '../tensor/index.js';

/** Tensors of one kind ("parameter", the optimiser's slots, "average"), by parameter key. */
export type StateGroups<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

/** What an update needs besides tensors. */
export interface UpdateNumbers {
  readonly learningRate: number;
  /** Counted from 1. */
  readonly step: number;
  readonly gradientScale: number;
  /** Decay of the moving average, where there is one. */
  readonly decay?: number;
}

/** What is kept of what is learnt. */
export interface Keeping {
  /** Whether a moving average is; default true. */
  readonly average?: boolean;
}

/** An optimiser that is ready on a device. */
export interface Update extends AsyncDisposable {
  /** One step where the state lives. The state passed in is used up. */
  apply(
    state: StateGroups<DeviceTensor>,
    gradients: Readonly<Record<string, DeviceTensor>>,
    numbers: UpdateNumbers,
  ): Promise<StateGroups<DeviceTensor>>;
  /** Lets its program go; the state is its owner's. */
  close(): Promise<void>;
}

const NUMBERS = ['learningRate', 'step', 'gradientScale', 'decay'] as const;

const numbersOf = ({ average = true }: Keeping): readonly (typeof NUMBERS)[number][] =>
  NUMBERS.filter((name) => average || name !== 'decay');

/** The kinds of tensors that training keeps for every parameter. */
export function stateKinds(optimiser: Optimiser, { average = true }: Keeping = {}): readonly string[] {
  return ['parameter', ...optimiser.slots, ...(average ? ['average'] : [])];
}

/** New values of everything that is kept for one parameter. */
function updated(
  optimiser: Optimiser,
  { average = true }: Keeping,
  state: (kind: string) => Tensor,
  gradient: Tensor,
  number: (name: (typeof NUMBERS)[number]) => Tensor,
): TensorRecord {
  const slots = Object.fromEntries(optimiser.slots.map((slot) => [slot, state(slot)]));
  const scalars = {
    learningRate: number('learningRate'),
    step: number('step'),
    gradientScale: number('gradientScale'),
  };
  const next = optimiser.update(state('parameter'), gradient, slots, scalars);
  const moved = { parameter: next.parameter, ...next.slots };
  if (!average) return moved;
  return { ...moved, average: movingAverage(state('average'), next.parameter, number('decay')) };
}

/** The update of one parameter as a flat list of numbers; its length does not matter to a loop. */
function flatUpdate(optimiser: Optimiser, keeping: Keeping): Program {
  return trace(({ input }) => {
    const state = new Map(stateKinds(optimiser, keeping).map((kind) => [kind, input(kind, [1])]));
    const numbers = new Map(numbersOf(keeping).map((name) => [name, input(name, [])]));
    return updated(optimiser, keeping, found(state), input('gradient', [1]), found(numbers));
  });
}

function found<K>(tensors: ReadonlyMap<K, Tensor>): (key: K) => Tensor {
  return (key) => {
    const tensor = tensors.get(key);
    if (tensor === undefined) throw new RangeError(`training keeps no ${String(key)}`);
    return tensor;
  };
}

/** On the CPU: one loop per parameter over arrays that stay in the worker, in place. */
async function loopUpdate(runtime: Runtime, optimiser: Optimiser, keeping: Keeping): Promise<Update> {
  const loop = await runtime.loadLoop(compileLoop(flatUpdate(optimiser, keeping)));
  return disposable({
    async apply(state, gradients, numbers) {
      const sets = Object.entries(gradients).map(([key, gradient]) => {
        const set: Record<string, DeviceTensor> = { gradient };
        for (const [kind, tensors] of Object.entries(state)) {
          const tensor = tensors[key];
          if (tensor !== undefined) set[kind] = tensor;
        }
        return set;
      });
      await loop.run(sets, { ...numbers });
      return state;
    },
    close: () => loop.release(),
  } satisfies Omit<Update, typeof Symbol.asyncDispose>);
}

/** On a GPU: one model that updates everything, whose results stay on the device. */
async function modelUpdate(
  runtime: Runtime,
  optimiser: Optimiser,
  shapes: Readonly<Record<string, Shape>>,
  keeping: Keeping,
): Promise<Update> {
  const kinds = stateKinds(optimiser, keeping);
  const program = trace(({ input, inputs }) => {
    const specs = Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, { shape }]));
    const state = new Map(kinds.map((kind) => [kind, inputs(kind, specs)]));
    const gradients = inputs('gradient', specs);
    const numbers = new Map(numbersOf(keeping).map((name) => [name, input(name, [])]));
    const next: Record<string, Record<string, Tensor>> = Object.fromEntries(
      kinds.map((kind) => [`next/${kind}`, {}]),
    );
    for (const [key, gradient] of Object.entries(gradients)) {
      const ofKey = new Map(kinds.flatMap((kind) => [[kind, state.get(kind)?.[key] ?? gradient] as const]));
      const results = updated(optimiser, keeping, found(ofKey), gradient, found(numbers));
      for (const [kind, tensor] of Object.entries(results))
        Object.assign(next[`next/${kind}`] ?? {}, { [key]: tensor });
    }
    return next;
  });
  const executable = await runtime.load(program, { keep: Object.keys(program.outputs) });
  return disposable({
    async apply(state, gradients, numbers) {
      const feeds: Record<string, DeviceTensor | TensorValue> = {};
      for (const [kind, tensors] of Object.entries({ ...state, gradient: gradients }))
        Object.assign(feeds, grouped(kind, tensors));
      for (const name of numbersOf(keeping))
        feeds[name] = { data: Float32Array.of(numbers[name] ?? 0), shape: [], dtype: 'float32' };
      const { kept } = await executable.run(neededFeeds(executable, feeds));
      for (const tensors of Object.values(state))
        for (const tensor of Object.values(tensors)) tensor.release();
      return Object.fromEntries(kinds.map((kind) => [kind, groupOf(kept, `next/${kind}`)]));
    },
    close: () => executable.release(),
  } satisfies Omit<Update, typeof Symbol.asyncDispose>);
}

/** Prepares an optimiser, and the moving average of what it optimises where one is kept, for the device of a runtime. */
export async function prepareUpdate(
  runtime: Runtime,
  optimiser: Optimiser,
  shapes: Readonly<Record<string, Shape>>,
  keeping: Keeping = {},
): Promise<Update> {
  return runtime.device === 'cpu'
    ? loopUpdate(runtime, optimiser, keeping)
    : modelUpdate(runtime, optimiser, shapes, keeping);
}
