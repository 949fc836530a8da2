import { Belongings, disposable } from '../belongings.js';
import { globalNorm } from '../nn/index.js';
import type { DeviceTensor, Runtime } from '../runtime/index.js';
import { neededFeeds } from '../runtime/index.js';
import type { Tensor, TensorRecord, TensorValue } from '../tensor/index.js';
import { gradientsOf, grouped, groupOf, rematerialise, trace } from '../tensor/index.js';
import { checkMemory, type MemoryCourse } from './memory-forecast.js';
import type { Objective } from './objective.js';

/** The number of a scalar result. */
export const numberOf = (value: TensorValue | undefined): number => Number(value?.data[0] ?? Number.NaN);

/** What a batch says of parameters. */
export interface BatchGradients {
  readonly loss: number;
  /** √Σ g². */
  readonly gradientNorm: number;
  /** By parameter key, on the device; whoever asked gives them back. */
  readonly gradients: Readonly<Record<string, DeviceTensor>>;
}

/** Loss and gradients of an objective, compiled. */
export interface Gradients extends AsyncDisposable {
  /** @param feeds a batch, by the inputs of the objective */
  of(
    feeds: Readonly<Record<string, TensorValue>>,
    parameters: Readonly<Record<string, DeviceTensor>>,
  ): Promise<BatchGradients>;
  close(): Promise<void>;
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

/**
 * Compiles the gradients of an objective for the runtime's device.
 *
 * @param parameters of these keys and shapes
 * @throws MemoryShortage where a step takes more memory than there is
 */
export async function createGradients(
  runtime: Runtime,
  objective: Objective,
  parameters: Readonly<Record<string, TensorValue>>,
  memory: MemoryCourse,
): Promise<Gradients> {
  const keep = Object.keys(grouped('gradient', parameters));
  await using opened = new Belongings();
  const program = stepProgram(objective, parameters);
  checkMemory(runtime, program, memory);
  const executable = opened.add(await runtime.load(program, { keep, optimization: 'training' }));
  const own = opened.handOver();
  return disposable({
    async of(feeds, weights) {
      const all = { ...feeds, ...grouped('parameter', weights) };
      const { fetched, kept } = await executable.run(neededFeeds(executable, all));
      return {
        loss: numberOf(fetched['loss']),
        gradientNorm: numberOf(fetched['gradientNorm']),
        gradients: groupOf(kept, 'gradient'),
      };
    },
    close: () => own.close(),
  } satisfies Omit<Gradients, typeof Symbol.asyncDispose>);
}
