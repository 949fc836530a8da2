import type { ParameterScope } from '../nn/index.js';
import { convolution, spectralConvolution } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import type { ClipStage } from './clip/configuration.js';
import { leakyRelu, multiply } from '../tensor/index.js';

/** A stage's features, by its name. */
export type StageFeatures = Readonly<Partial<Record<ClipStage, Tensor>>>;

/** The size of a {@link featureDiscriminator}. */
export interface FeatureDiscriminatorConfig {
  readonly layers: readonly ClipStage[];
  /** Channels between its convolutions. */
  readonly hidden: number;
  /** What the features of every layer are multiplied by, so that they are of the same size; left out: 1. */
  readonly scales?: readonly number[];
}

const SLOPE = 0.2;

/** 1×1 convolutions with spectral normalisation and leaky ReLU in between: a logit for every position. */
function head(scope: ParameterScope, features: Tensor, hidden: number): Tensor {
  const first = leakyRelu(spectralConvolution(scope.at(0), features, hidden, 1), SLOPE);
  const second = leakyRelu(spectralConvolution(scope.at(2), first, hidden, 1), SLOPE);
  return convolution(scope.at(4), second, 1, 1);
}

/**
 * The discriminator of semantic features (Feat-D of SFD, CVPR 2025): a head for each of some stages of a frozen CLIP says of
 * every position whether it looks like one of a real photograph. That it works position by position on middle features is
 * stated by the paper; the shape of its heads is not, and is *inferred*.
 *
 * @returns a function from parameters (`0.0.weight_orig` is the first convolution of the first layer's head) and features to
 *   logits `[batch, 1, height, width]`, in the order of `layers`
 *
 * @example
 * const [fine, coarse] = featureDiscriminator({ layers: ['layer2', 'layer3'], hidden: 256 })(scope, clipFeatures);
 */
export function featureDiscriminator({
  layers,
  hidden,
  scales = [],
}: FeatureDiscriminatorConfig): (scope: ParameterScope, features: StageFeatures) => readonly Tensor[] {
  return (scope, features) =>
    layers.map((layer, index) => {
      const found = features[layer];
      if (found === undefined) throw new RangeError(`featureDiscriminator: the features have no ${layer}`);
      const scale = scales[index] ?? 1;
      return head(scope.at(index), scale === 1 ? found : multiply(found, scale), hidden);
    });
}
