import type { Runtime } from '../runtime/index.js';
import { neededFeeds } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import { grouped, trace } from '../tensor/index.js';
import type { DataSource, Feeds } from './data-source.js';
import type { Objective } from './objective.js';

/**
 * The mean loss of an objective over its first `count` batches, without learning from them. The program is freed
 * afterwards, so that it takes no memory from the training that goes on.
 *
 * @example
 * await meanLoss(runtime, { objective, data }, weights, 16);
 */
export async function meanLoss(
  runtime: Runtime,
  { objective, data }: { readonly objective: Objective; readonly data: DataSource<Feeds> },
  parameters: Readonly<Record<string, TensorValue>>,
  count: number,
  signal?: AbortSignal,
): Promise<number> {
  const program = trace(({ inputs, input }) => {
    const weights = inputs('parameter', parameters);
    const fed = Object.entries(objective.inputs).map(
      ([name, { shape, dtype }]) => [name, input(name, shape, dtype)] as const,
    );
    return { loss: objective.loss(weights, Object.fromEntries(fed)) };
  });
  const weights = grouped('parameter', parameters);
  const executable = await runtime.load(program, { optimization: 'training' });
  try {
    let sum = 0;
    for (let step = 0; step < count; step++) {
      signal?.throwIfAborted();
      const feeds = { ...weights, ...(await data.at(step)) };
      const { fetched } = await executable.run(neededFeeds(executable, feeds));
      sum += Number(fetched['loss']?.data[0] ?? Number.NaN);
    }
    return sum / count;
  } finally {
    await executable.release();
  }
}
