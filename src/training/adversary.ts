import { Belongings, disposable } from '../belongings.js';
import type { DeviceTensor, Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import type { Opponent } from './game.js';
import { createLearner, download, release, upload } from './learner.js';
import { initialState } from './trainer.js';
import type { StateGroups, UpdateNumbers } from './update.js';

/** An opponent in training. */
export interface Adversary extends AsyncDisposable {
  /** Its parameters and buffers as they are now. */
  readonly tensors: Readonly<Record<string, DeviceTensor>>;
  /** Moves the parameters by the generator's numbers and its own rate; the gradients are used up. */
  update(
    gradients: Readonly<Record<string, DeviceTensor>>,
    buffers: Readonly<Record<string, DeviceTensor>>,
    numbers: Pick<UpdateNumbers, 'learningRate' | 'step'>,
  ): Promise<void>;
  /** What a checkpoint holds of it, by kinds of their own: `opponent.NAME.parameter`. */
  read(): Promise<StateGroups<TensorValue>>;
  close(): Promise<void>;
}

/** Kinds of an opponent's state among those of a checkpoint: `opponent.feature.parameter`. */
const kindOf = (name: string, kind: string): string => `opponent.${name}.${kind}`;

/** What an opponent has learnt and keeps beside it, by key, in the state of a training. */
export function opponentIn(
  state: StateGroups<TensorValue>,
  name: string,
): Readonly<Record<string, TensorValue>> {
  return { ...state[kindOf(name, 'parameter')], ...state[kindOf(name, 'buffer')] };
}

/**
 * Prepares an opponent for training. It is used as it is now, so there is no moving average of it.
 *
 * @param start the state of the training, which has the opponent's where it goes on
 */
export async function createAdversary(
  runtime: Runtime,
  name: string,
  { optimiser, rate, parameters, buffers: firstBuffers }: Opponent,
  start: StateGroups<TensorValue>,
): Promise<Adversary> {
  const kinds = ['parameter', ...optimiser.slots];
  const stored = Object.fromEntries(
    kinds.flatMap((kind) => {
      const group = start[kindOf(name, kind)];
      return group === undefined ? [] : [[kind, group]];
    }),
  );
  const begun = stored['parameter'] !== undefined;
  await using opened = new Belongings();
  const first = begun ? stored : initialState(optimiser, parameters);
  const learner = opened.add(await createLearner(runtime, optimiser, first, { average: false }));
  const held = begun ? (start[kindOf(name, 'buffer')] ?? firstBuffers) : firstBuffers;
  let buffers: Readonly<Record<string, DeviceTensor>> = await upload(runtime, held);
  opened.defer(() => release(buffers));
  const own = opened.handOver();
  return disposable({
    get tensors() {
      return { ...learner.parameters, ...buffers };
    },
    async update(gradients, next, { learningRate, step }) {
      await learner.update(gradients, { learningRate: learningRate * rate, step, gradientScale: 1 });
      release(buffers);
      buffers = next;
    },
    async read() {
      const read = Object.entries(await learner.read()).map(([kind, group]) => [kindOf(name, kind), group]);
      return { ...Object.fromEntries(read), [kindOf(name, 'buffer')]: await download(runtime, buffers) };
    },
    close: () => own.close(),
  } satisfies Omit<Adversary, typeof Symbol.asyncDispose>);
}
