import { applyNetwork, type Network } from '../../nn/index.js';
import type { Tensor, TensorRecord } from '../../tensor/index.js';
import {
  add,
  imageShape,
  mean,
  multiply,
  reshape,
  sigmoid,
  slice,
  softmax,
  sum,
} from '../../tensor/index.js';

/** What a scorer says of pictures, location by location: `[batch, locations]` each. */
export interface ScorerMaps {
  /** How good it looks there: less by the damage. */
  readonly quality: Tensor;
  /** Above 0 where it seems undamaged. */
  readonly logit: Tensor;
  /** How much it counts, before the softmax over the picture. */
  readonly attention: Tensor;
}

/** Takes a scorer's result `[batch, 3, rows, columns]` apart. */
export function scorerMaps(result: Tensor): ScorerMaps {
  const [batch, , rows, columns] = imageShape(result, 'scorerMaps');
  const plane = (start: number): Tensor =>
    reshape(slice(result, { axis: 1, start, length: 1 }), [batch, rows * columns]);
  return { quality: plane(0), logit: plane(1), attention: plane(2) };
}

/** The mean of the locations' qualities, each weighed by its attention: `[batch]`. z = Σ softmax(a) q */
export function pooledQuality({ quality, attention }: ScorerMaps): Tensor {
  return sum(multiply(softmax(attention), quality), { axes: [1] });
}

/** Where the middle of the scale lies, in units of the damage, and how fast the score falls there. */
const [MIDDLE, STEEPNESS] = [0.6, 3] as const;

/**
 * The score, `[batch]`, from 0 to 100: half of it from ranking, half of it from telling undamaged locations from damaged
 * ones. That is rule A of SFD-IQA as this project reconstructs it, with the ranked quality in the place of the prompts:
 *
 *     Q = 50 · σ(3 (z + 0.6)) + 50 · mean σ(logit)
 */
export function scoreOf(maps: ScorerMaps): Tensor {
  const undamaged = mean(sigmoid(maps.logit), { axes: [1] });
  return multiply(add(onScale(pooledQuality(maps)), undamaged), 50);
}

/**
 * A scorer as a tensor program, differentiable in the pictures, which are looked at as they are: that is the score of
 * pictures with a long side of at most 1024 pixels.
 *
 * @returns a function from the network's parameters by state-dict key and pictures `[batch, 3, height, width]`, RGB in [0, 1],
 *   sides multiples of 16, to scores `[batch]` from 0 to 100; higher is better
 *
 * @example
 * const loss = negate(mean(scorerScores(description.network)(inputs('parameter', parameters), pictures)));
 */
export function scorerScores(network: Network): (parameters: TensorRecord, pictures: Tensor) => Tensor {
  return (parameters, pictures) => scoreOf(scorerMaps(applyNetwork(network, parameters, pictures)));
}

/** The score of each location by itself, `[batch, locations]`, on the same scale: where a picture is good, and where not. */
export function localScores({ quality, logit }: ScorerMaps): Tensor {
  return multiply(add(onScale(quality), sigmoid(logit)), 50);
}

const onScale = (quality: Tensor): Tensor => sigmoid(multiply(add(quality, MIDDLE), STEEPNESS));

/** What the overview of a large picture counts; the rest is the mean of its details. */
const OVERVIEW_SHARE = 0.75;

/** The score of a picture from those of its views. */
export function scoreOfViews(overview: number, details: readonly number[]): number {
  if (details.length === 0) return overview;
  const mean = details.reduce((sum, score) => sum + score, 0) / details.length;
  return OVERVIEW_SHARE * overview + (1 - OVERVIEW_SHARE) * mean;
}
