import type { BatchSize, Network } from '../../nn/index.js';
import { applyNetwork } from '../../nn/index.js';
import type { Shape, Tensor, TensorValue } from '../../tensor/index.js';
import {
  add,
  constant,
  maximum,
  mean,
  mseLoss,
  multiply,
  negate,
  reshape,
  sigmoid,
  softplus,
  subtract,
  sum,
} from '../../tensor/index.js';
import type { DataSource, Feeds, Objective } from '../../training/index.js';
import { pooledQuality, scorerMaps } from './score-rule.js';

/** How many pictures are made of each original: itself, a little and much of some flaws, and others. */
export const VERSIONS = 4;

/** Pictures made of a few originals, and how damaged each is. */
export interface GradedBatch {
  readonly step: number;
  /** `[batch · VERSIONS, 3, patch, patch]`, multiples of 1/255; versions of one original follow each other. */
  readonly pictures: Float32Array<ArrayBuffer>;
  /** `[batch · VERSIONS]`, see `damage`. */
  readonly damages: Float32Array<ArrayBuffer>;
}

/** What a scorer learns. */
export interface ScorerLesson {
  readonly network: Network;
  readonly size: BatchSize;
}

/** How sure an order is by how far apart the damages are: at 0.25, e to 1. */
const SURENESS = 4;

/** What the three losses count. */
const weights = { ranking: 1, grading: 0.5, telling: 0.25 } as const;

/** Versions of one picture count so many times as much as pairs of different pictures. */
const SAME_PICTURE = 5;

/** The damage from which on a picture is no example of good ones. */
const VISIBLE = 0.35;

/** How much each pair counts: `[n, n]`, with the sum 1. */
function pairWeights(count: number): Tensor {
  const raw = Float32Array.from({ length: count * count }, (_, at) => {
    const [i, j] = [Math.floor(at / count), at % count];
    if (i === j) return 0;
    return Math.floor(i / VERSIONS) === Math.floor(j / VERSIONS) ? SAME_PICTURE : 1;
  });
  const total = raw.reduce((all, weight) => all + weight, 0);
  return constant(
    raw.map((weight) => weight / total),
    [count, count],
  );
}

/** All differences xᵢ − xⱼ: `[n, n]`. */
const differences = (x: Tensor, count: number): Tensor =>
  subtract(reshape(x, [count, 1]), reshape(x, [1, count]));

/** Cross-entropy of logits against probabilities, element by element: ln(1 + eᶻ) − p z */
const crossEntropyWith = (logits: Tensor, probabilities: Tensor): Tensor =>
  subtract(softplus(logits), multiply(probabilities, logits));

/**
 * The lesson of the scorer. With y = −damage and z the pooled quality of each picture of the batch,
 *
 *     ranking  Σᵢⱼ wᵢⱼ H(σ(4 (yᵢ − yⱼ)), σ(4 (zᵢ − zⱼ)))   RankNet (Burges et al., ICML 2005) with sure and unsure orders
 *     grading  mean (zᵢ − yᵢ)²                              one scale for all pictures
 *     telling  mean H(max(0, 1 − damage/0.35), σ(logit))    at each location, undamaged from damaged: Feat-D's question
 *
 * H being the cross-entropy; the first decides. Versions of one picture count five times as much as others do.
 */
export function scorerObjective({ network, size }: ScorerLesson): Objective {
  const count = size.batch * VERSIONS;
  const shapes = shapesOf(size);
  return {
    inputs: { pictures: { shape: shapes.pictures }, damages: { shape: shapes.damages } },
    loss: (parameters, inputs) => {
      const { pictures, damages } = inputs;
      if (pictures === undefined || damages === undefined)
        throw new RangeError('the graded pictures were not given');
      const maps = scorerMaps(applyNetwork(network, parameters, pictures));
      const z = pooledQuality(maps);
      const y = negate(damages);
      const order = sigmoid(multiply(differences(y, count), SURENESS));
      const ranking = sum(
        multiply(crossEntropyWith(multiply(differences(z, count), SURENESS), order), pairWeights(count)),
      );
      const good = reshape(maximum(subtract(1, multiply(damages, 1 / VISIBLE)), 0), [count, 1]);
      const telling = mean(crossEntropyWith(maps.logit, good));
      return add(
        add(multiply(ranking, weights.ranking), multiply(mseLoss(z, y), weights.grading)),
        multiply(telling, weights.telling),
      );
    },
  };
}

const shapesOf = ({ batch, patch }: BatchSize) => {
  const count = batch * VERSIONS;
  return { pictures: [count, 3, patch, patch], damages: [count] } as const;
};

/** What its steps are fed. */
export function scorerData(graded: DataSource<GradedBatch>, size: BatchSize): DataSource<Feeds> {
  const shapes = shapesOf(size);
  const value = (data: Float32Array, shape: Shape): TensorValue => ({ data, shape, dtype: 'float32' });
  return {
    async at(step) {
      const { pictures, damages } = await graded.at(step);
      return { pictures: value(pictures, shapes.pictures), damages: value(damages, shapes.damages) };
    },
  };
}
