import {
  UNET_DISCRIMINATOR_MULTIPLE,
  unetDiscriminator,
  vggDiscriminator,
  vggDiscriminatorSides,
} from '../networks/index.js';
import { declareParameters, type ParameterScope, scopeOf } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { firstValues, type Judge, shown } from './judge.js';

/** A discriminator that looks at pictures themselves: an option, and what semantic ones are compared with. */
interface ImageDiscriminator {
  readonly title: string;
  readonly network: (scope: ParameterScope, x: Tensor) => Tensor;
  /** Which patches it can look at, for people; undefined for a side that will do. */
  refusal(side: number): string | undefined;
}

const FEATURES = 64;

/** The discriminators of pictures, by name. */
export const imageDiscriminators: Readonly<Record<'unet' | 'vgg', ImageDiscriminator>> = {
  unet: {
    title: 'U-Net with spectral normalisation, a logit a pixel (Real-ESRGAN, ICCVW 2021)',
    network: unetDiscriminator(FEATURES),
    refusal: (side) =>
      side % UNET_DISCRIMINATOR_MULTIPLE === 0
        ? undefined
        : `patches whose side is a multiple of ${UNET_DISCRIMINATOR_MULTIPLE}`,
  },
  vgg: {
    title: 'VGG-style with batch normalisation, a logit a picture (ESRGAN, ECCVW 2018)',
    network: vggDiscriminator(FEATURES),
    refusal: (side) =>
      vggDiscriminatorSides.includes(side)
        ? undefined
        : `patches of ${vggDiscriminatorSides.join(' or ')} pixels`,
  },
};

/** The name of a discriminator of pictures. */
export type ImageDiscriminatorName = keyof typeof imageDiscriminators;

/**
 * The judge that looks at pictures by one of {@link imageDiscriminators}. SFD's abstract names none beside those of features;
 * it is off where nothing else is said.
 *
 * @param side of the patches
 * @param seed of its first values
 */
export function imageJudge(name: ImageDiscriminatorName, side: number, seed: number): Judge {
  const { network, refusal } = imageDiscriminators[name];
  const wanted = refusal(side);
  if (wanted !== undefined) throw new RangeError(`the judge ${name} takes ${wanted}, got ${side}`);
  return {
    name: 'image',
    sights: ['image'],
    ...firstValues(declareParameters(network, [1, 3, side, side]), seed),
    judging: (own) => (view) => [network(scopeOf(own), shown(view, 'image', 'image'))],
  };
}
