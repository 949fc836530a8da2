import type { BatchSize, Network } from '../../nn/index.js';
import type { Runtime } from '../../runtime/index.js';
import { neededFeeds } from '../../runtime/index.js';
import type { TensorValue } from '../../tensor/index.js';
import { grouped, trace } from '../../tensor/index.js';
import { scorerScores } from './score-rule.js';
import { listedBatches } from '../../training/index.js';
import { type GradedBatch, scorerData, scorerObjective } from './scorer-objective.js';

/** Pairs whose damages are nearer than this have no right order. */
const APART = 0.1;

/** How well a scorer judges graded pictures. */
export interface ScorerMeasures {
  /** Mean of the lesson's loss. */
  readonly loss: number;
  /** Share of the pairs within the batches that the scores bring into the right order, of those that differ visibly. */
  readonly ranking: number;
}

/**
 * Measures a scorer on graded pictures, without learning from them.
 *
 * @param batches of that size
 */
export async function measureScorer(
  runtime: Runtime,
  { network, size }: { readonly network: Network; readonly size: BatchSize },
  parameters: Readonly<Record<string, TensorValue>>,
  batches: readonly GradedBatch[],
  signal?: AbortSignal,
): Promise<ScorerMeasures> {
  const objective = scorerObjective({ network, size });
  const data = scorerData(listedBatches(batches), size);
  const program = trace(({ inputs, input }) => {
    const weights = inputs('parameter', parameters);
    const fed = Object.fromEntries(
      Object.entries(objective.inputs).map(([name, { shape, dtype }]) => [name, input(name, shape, dtype)]),
    );
    const { pictures } = fed;
    if (pictures === undefined) throw new RangeError('the graded pictures were not declared');
    return {
      loss: objective.loss(weights, fed),
      scores: scorerScores(network)(weights, pictures),
    };
  });
  const executable = await runtime.load(program, { optimization: 'training' });
  try {
    const sums = { loss: 0, right: 0, pairs: 0 };
    for (const [step, { damages }] of batches.entries()) {
      signal?.throwIfAborted();
      const feeds = { ...grouped('parameter', parameters), ...(await data.at(step)) };
      const { fetched } = await executable.run(neededFeeds(executable, feeds));
      sums.loss += Number(fetched['loss']?.data[0] ?? Number.NaN);
      const scores = Array.from(fetched['scores']?.data ?? [], Number);
      const { right, pairs } = rightOrders(scores, damages);
      sums.right += right;
      sums.pairs += pairs;
    }
    return { loss: sums.loss / batches.length, ranking: sums.right / Math.max(1, sums.pairs) };
  } finally {
    await executable.release();
  }
}

/** How many pairs of pictures differ visibly, and how many of these the scores bring into the right order. */
export function rightOrders(
  scores: readonly number[],
  damages: ArrayLike<number>,
): { readonly right: number; readonly pairs: number } {
  let [right, pairs] = [0, 0];
  for (const [i, score] of scores.entries())
    for (const [j, other] of scores.entries()) {
      if ((damages[j] ?? 0) - (damages[i] ?? 0) < APART) continue;
      pairs++;
      if (score > other) right++;
    }
  return { right, pairs };
}
