import { imageShape, padReflect, slice } from '../tensor/index.js';
import type { Denoiser } from './method.js';

/**
 * A pass over a picture that is mirrored by some pixels on all sides, denoised and cropped: what the network does at a
 * border, where it pads with zeros, happens outside of the picture. A tiny picture is mirrored as far as it goes.
 */
export function reflectedPass(denoiser: Denoiser, pixels: number): Denoiser {
  return (x) => {
    const [, , height, width] = imageShape(x, 'reflectedPass');
    const [down, across] = [Math.min(pixels, height - 1), Math.min(pixels, width - 1)];
    const mirrored = padReflect(x, { top: down, bottom: down, left: across, right: across });
    return slice(
      denoiser(mirrored),
      { axis: 2, start: down, length: height },
      { axis: 3, start: across, length: width },
    );
  };
}
