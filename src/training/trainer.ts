import { Belongings, disposable } from '../belongings.js';
import type { Optimiser } from '../nn/index.js';
import { clippingFactor } from '../nn/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import { createGradients } from './gradients.js';
import { createLearner, release } from './learner.js';
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

/** What a step is told. */
export interface StepNumbers {
  readonly learningRate: number;
  /** Counted from 1. */
  readonly step: number;
  readonly decay: number;
}

/** Parameters under training, on their device, and the two programs that move them. */
export interface Trainer extends AsyncDisposable {
  step(feeds: Readonly<Record<string, TensorValue>>, numbers: StepNumbers): Promise<StepResult>;
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
  await using opened = new Belongings();
  const copies = stateKinds(optimiser).length - 1;
  const found = await createGradients(runtime, objective, start['parameter'] ?? {}, { copies, growth });
  opened.add(found);
  const learner = opened.add(await createLearner(runtime, optimiser, start));
  const own = opened.handOver();
  return disposable({
    async step(feeds, numbers) {
      const { gradients, ...result } = await found.of(feeds, learner.parameters);
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
