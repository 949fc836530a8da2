import { Belongings, disposable } from '../belongings.js';
import type { Optimiser } from '../nn/index.js';
import { clippingFactor, globalNorm } from '../nn/index.js';
import type { Runtime } from '../runtime/index.js';
import { neededFeeds } from '../runtime/index.js';
import type { Tensor, TensorRecord, TensorValue } from '../tensor/index.js';
import { gradientsOf, grouped, groupOf, rematerialise, trace } from '../tensor/index.js';
import { createLearner, release } from './learner.js';
import { checkMemory } from './memory-forecast.js';
import type { Objective } from './objective.js';
import { type StateGroups, stateKinds } from './update.js';

/** What one step reports. */
export interface StepResult {
  readonly loss: number;
  /** √Σ g² before clipping. */
  readonly gradientNorm: number;
  /** What else it measured, by name. */
  readonly numbers?: Readonly<Record<string, number>>;
}

/** Parameters under training, on their device, and the two programs that move them. */
export interface Trainer extends AsyncDisposable {
  step(
    feeds: Readonly<Record<string, TensorValue>>,
    numbers: { readonly learningRate: number; readonly step: number; readonly decay: number },
  ): Promise<StepResult>;
  /** What is kept, by kind and key: all kinds make what a checkpoint holds. */
  read(kinds?: readonly string[]): Promise<StateGroups<TensorValue>>;
  close(): Promise<void>;
}

/** The state that training starts from: the given parameters, slots of zeros, the average at the parameters. */
export function initialState(
  optimiser: Optimiser,
  parameters: Readonly<Record<string, TensorValue>>,
): StateGroups<TensorValue> {
  const zeros = ({ shape, data }: TensorValue): TensorValue => ({
    data: new Float32Array(data.length),
    shape,
    dtype: 'float32',
  });
  const slots = optimiser.slots.map((slot) => [
    slot,
    Object.fromEntries(Object.entries(parameters).map(([key, parameter]) => [key, zeros(parameter)])),
  ]);
  return { parameter: parameters, average: parameters, ...Object.fromEntries(slots) };
}

/** Loss, gradients and the norm of the gradients of one step. */
function stepProgram(objective: Objective, parameters: Readonly<Record<string, TensorValue>>) {
  return trace(({ input, inputs }) => {
    const weights = inputs('parameter', parameters);
    const fed: TensorRecord = Object.fromEntries(
      Object.entries(objective.inputs).map(([name, { shape, dtype }]) => [name, input(name, shape, dtype)]),
    );
    const loss = objective.loss(weights, fed);
    const gradients: Record<string, Tensor> = {};
    const found = rematerialise(loss, gradientsOf(loss, Object.values(weights)));
    for (const [index, gradient] of found.entries()) gradients[Object.keys(weights)[index] ?? ''] = gradient;
    return { loss, gradientNorm: globalNorm(gradients), gradient: gradients };
  });
}

/** The number of a scalar result. */
export const numberOf = (value: TensorValue | undefined): number => Number(value?.data[0] ?? Number.NaN);

/** How steps are done. */
export interface TrainerOptions {
  /** Largest norm of the gradients. */
  readonly clip?: number;
  /** How many times as many pixels the largest later stage has a step; default 1. */
  readonly growth?: number;
}

/** Prepares training: compiles the step for the runtime's device and puts the state there. */
export async function createTrainer(
  runtime: Runtime,
  objective: Objective,
  optimiser: Optimiser,
  start: StateGroups<TensorValue>,
  { clip, growth = 1 }: TrainerOptions = {},
): Promise<Trainer> {
  const parameters = start['parameter'] ?? {};
  const keep = Object.keys(grouped('gradient', parameters));
  await using opened = new Belongings();
  const program = stepProgram(objective, parameters);
  checkMemory(runtime, program, { copies: stateKinds(optimiser).length - 1, growth });
  const executable = opened.add(await runtime.load(program, { keep, optimization: 'training' }));
  const learner = opened.add(await createLearner(runtime, optimiser, start));
  const own = opened.handOver();
  return disposable({
    async step(feeds, numbers) {
      const all = { ...feeds, ...grouped('parameter', learner.parameters) };
      const { fetched, kept } = await executable.run(neededFeeds(executable, all));
      const gradients = groupOf(kept, 'gradient');
      const result = { loss: numberOf(fetched['loss']), gradientNorm: numberOf(fetched['gradientNorm']) };
      // A step that is not finite must not reach the parameters: the caller sees the loss and stops.
      if (Number.isFinite(result.loss) && Number.isFinite(result.gradientNorm)) {
        const gradientScale = clip === undefined ? 1 : clippingFactor(result.gradientNorm, clip);
        await learner.update(gradients, { ...numbers, gradientScale });
      } else release(gradients);
      return result;
    },
    read: (kinds) => learner.read(kinds),
    close: () => own.close(),
  } satisfies Omit<Trainer, typeof Symbol.asyncDispose>);
}
