import { Belongings, disposable } from '../belongings.js';
import { clippingFactor, type Optimiser } from '../nn/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import {
  createGradients,
  createLearner,
  type DataSource,
  download,
  type Feeds,
  initialState,
  type Objective,
  release,
  type StateGroups,
  stateKinds,
} from '../training/index.js';
import type { Tensors } from './mean-in-order.js';
import type { ShareResult, ShareTask } from './round.js';

/** Where a member does its shares: what they need is compiled once. */
export interface Bench extends AsyncDisposable {
  /**
   * Does a share. It is a function of the task, the start and the data alone: whoever does it, and however often.
   *
   * @param start `parameter`, and the slots of the optimiser where it goes on with moments of its own
   * @param age how many steps these moments have seen
   * @throws what the signal says, between two steps
   */
  work(
    task: ShareTask,
    start: StateGroups<TensorValue>,
    age: number,
    data: DataSource<Feeds>,
    signal?: AbortSignal,
  ): Promise<ShareResult>;
  close(): Promise<void>;
}

/** What a share of which a number is not finite is worth. */
const broken = (loss: number, gradientNorm: number): ShareResult => ({
  loss: Number.isFinite(loss) ? Number.NaN : loss,
  gradientNorm,
  groups: {},
});

/** Makes ready what shares of an objective need. */
export async function openBench(
  runtime: Runtime,
  objective: Objective,
  optimiser: Optimiser,
  parameters: Tensors,
): Promise<Bench> {
  await using held = new Belongings();
  const copies = stateKinds(optimiser).length - 1;
  const found = held.add(await createGradients(runtime, objective, parameters, { copies }));
  const fresh = initialState(optimiser, parameters);
  const learner = held.add(await createLearner(runtime, optimiser, fresh, { average: false }));
  const own = held.handOver();

  async function gradients(data: DataSource<Feeds>, step: number): Promise<ShareResult> {
    const {
      loss,
      gradientNorm,
      gradients: tensors,
    } = await found.of(await data.at(step), learner.parameters);
    try {
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) return broken(loss, gradientNorm);
      return { loss, gradientNorm, groups: { gradient: await download(runtime, tensors) } };
    } finally {
      release(tensors);
    }
  }

  return disposable({
    async work(task, start, age, data, signal) {
      await learner.reset({ ...fresh, ...start });
      if (task.kind === 'gradients') return gradients(data, task.step);
      const [losses, norms]: [number[], number[]] = [[], []];
      for (const [at, learningRate] of task.learningRates.entries()) {
        signal?.throwIfAborted();
        const batch = await data.at(task.step + at);
        const { loss, gradientNorm, gradients: tensors } = await found.of(batch, learner.parameters);
        if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
          release(tensors);
          return broken(loss, gradientNorm);
        }
        const gradientScale = task.clip === undefined ? 1 : clippingFactor(gradientNorm, task.clip);
        await learner.update(tensors, { learningRate, step: age + at + 1, gradientScale });
        losses.push(loss);
        norms.push(gradientNorm);
      }
      return {
        loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
        gradientNorm: Math.max(...norms),
        groups: await learner.read(),
      };
    },
    close: () => own.close(),
  } satisfies Omit<Bench, typeof Symbol.asyncDispose>);
}
