import type { ParameterScope } from '../nn/index.js';
import { convolution, spectralConvolution } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { leakyRelu, multiply } from '../tensor/index.js';

/** A stage's features, by its name. */
export type StageFeatures = Readonly<Partial<Record<string, Tensor>>>;

/** Sides of kernels that a {@link featureDiscriminator} may have. */
export const featureKernels = [1, 3] as const;

/** One of {@link featureKernels}. */
export type FeatureKernel = (typeof featureKernels)[number];

/** The size of a {@link featureDiscriminator}. */
export interface FeatureDiscriminatorConfig {
  /** Stages of the backbone, by their names. */
  readonly layers: readonly string[];
  /** Channels between its convolutions. */
  readonly hidden: number;
  /** Convolutions of a head, the first and the last counted; at least 2, left out: 3. */
  readonly depth?: number;
  /** Side of the kernels between the first and the last convolution: 1, left out, or 3, which sees a position's neighbours too. */
  readonly kernel?: FeatureKernel;
  /** What the features of every layer are multiplied by, so that they are of the same size; left out: 1. */
  readonly scales?: readonly number[];
}

const SLOPE = 0.2;

/** Convolutions with spectral normalisation and leaky ReLU in between, the last without: a logit for every position. */
function head(
  scope: ParameterScope,
  features: Tensor,
  { hidden, depth = 3, kernel = 1 }: FeatureDiscriminatorConfig,
): Tensor {
  const padding = (kernel - 1) / 2;
  let y = leakyRelu(spectralConvolution(scope.at(0), features, hidden, 1), SLOPE);
  // Every other number of a sequence is an activation's, which has no parameters.
  for (let i = 1; i < depth - 1; i++)
    y = leakyRelu(spectralConvolution(scope.at(2 * i), y, hidden, kernel, { padding }), SLOPE);
  return convolution(scope.at(2 * (depth - 1)), y, 1, 1);
}

/**
 * The discriminator of semantic features (Feat-D of SFD, CVPR 2025): a head for each of some stages of a frozen backbone, CLIP in the paper, says of
 * every position whether it looks like one of a real photograph. That it works position by position on middle features is
 * stated by the paper; the shape of its heads is not, and is *inferred*.
 *
 * @returns a function from parameters (`0.0.weight_orig` is the first convolution of the first layer's head) and features to
 *   logits `[batch, 1, height, width]`, in the order of `layers`
 *
 * @example
 * const [fine, coarse] = featureDiscriminator({ layers: ['layer2', 'layer3'], hidden: 256 })(scope, clipFeatures);
 */
export function featureDiscriminator(
  config: FeatureDiscriminatorConfig,
): (scope: ParameterScope, features: StageFeatures) => readonly Tensor[] {
  const { layers, scales = [] } = config;
  return (scope, features) =>
    layers.map((layer, index) => {
      const found = features[layer];
      if (found === undefined) throw new RangeError(`featureDiscriminator: the features have no ${layer}`);
      const scale = scales[index] ?? 1;
      return head(scope.at(index), scale === 1 ? found : multiply(found, scale), config);
    });
}
