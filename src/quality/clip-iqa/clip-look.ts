import {
  CLIP_STRIDE,
  type ClipImageConfig,
  clipImage,
  clipReach,
  clipStageNamed,
  clipStageStride,
  type FeatureDiscriminatorConfig,
  featureDiscriminator,
  normaliseForClip,
} from '../../networks/index.js';
import type { ParameterScope } from '../../nn/index.js';
import { imageShape, type Tensor } from '../../tensor/index.js';

/** What looks at a picture: CLIP's image encoder, and a discriminator of its features where there is one. */
export interface ClipLookConfig {
  readonly clip: ClipImageConfig;
  /** Whether pictures are normalised as CLIP learnt them; default true. */
  readonly normalised?: boolean;
  readonly feature?: FeatureDiscriminatorConfig;
}

/** Parameters of what looks. */
export interface ClipLookParameters {
  /** Of the image encoder, batch normalisation folded. */
  readonly clip: ParameterScope;
  /** Of Feat-D, with the vectors of spectral normalisation. */
  readonly feature?: ParameterScope;
}

/** What is seen of a picture, or of a tile of one. */
export interface ClipLook {
  /** Feat-D's logits `[batch, 1, height/stride, width/stride]`, in the order of its layers; none without it. */
  readonly logits: readonly Tensor[];
  /** The last stage's features `[batch, 32·W, height/32, width/32]`. */
  readonly layer4: Tensor;
}

/**
 * Looks at pictures as the judges of a training do: through CLIP, at its middle stages by Feat-D.
 *
 * @returns a function from parameters and pictures `[batch, 3, height, width]`, RGB in [0, 1], sides multiples of 32: of
 *   others CLIP would leave out the last rows and columns, so they are refused with a RangeError
 *
 * @example
 * const { logits, layer4 } = lookThroughClip({ clip: config, feature })(parameters, picture);
 */
export function lookThroughClip({
  clip,
  normalised = true,
  feature,
}: ClipLookConfig): (parameters: ClipLookParameters, picture: Tensor) => ClipLook {
  return (parameters, picture) => {
    const [, , height, width] = imageShape(picture, 'lookThroughClip');
    if (height % CLIP_STRIDE !== 0 || width % CLIP_STRIDE !== 0)
      throw new RangeError(
        `lookThroughClip: sides must be multiples of ${CLIP_STRIDE}, got ${height}×${width}`,
      );
    const features = clipImage(clip)(parameters.clip, normalised ? normaliseForClip(picture) : picture);
    if (feature === undefined) return { logits: [], layer4: features.layer4 };
    if (parameters.feature === undefined) throw new RangeError('lookThroughClip: Feat-D has no parameters');
    return {
      logits: featureDiscriminator(feature)(parameters.feature, { ...features }),
      layer4: features.layer4,
    };
  };
}

/**
 * How many pixels to each side what is seen at a position depends on: with that much around a tile, the tile shows what the
 * whole picture shows there.
 *
 * @param embeds whether the last stage is wanted too
 */
export function reachOfLook({ clip, feature }: ClipLookConfig, embeds: boolean): number {
  const { layers = [], depth = 3, kernel = 1 } = feature ?? {};
  // Positions to each side that a head's own convolutions look.
  const around = ((kernel - 1) / 2) * (depth - 2);
  const heads = layers
    .map(clipStageNamed)
    .map((layer) => clipReach(clip, layer) + around * clipStageStride(layer));
  return Math.max(0, ...heads, ...(embeds ? [clipReach(clip, 'layer4')] : []));
}
