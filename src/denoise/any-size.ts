import { imageShape, padReflect, slice } from '../tensor/index.js';
import type { Denoiser } from './method.js';

/**
 * A denoiser for pictures of any size, from one that takes multiples of `multiple`: the picture is mirrored at its
 * right and bottom, and the result is cropped.
 *
 * @throws RangeError for a picture that is too small to be mirrored that far
 */
export function anySize(denoiser: Denoiser, multiple: number): Denoiser {
  if (multiple === 1) return denoiser;
  return (x) => {
    const [, , height, width] = imageShape(x, 'anySize');
    const [bottom, right] = [-height, -width].map((size) => ((size % multiple) + multiple) % multiple);
    if (!bottom && !right) return denoiser(x);
    const mirrored = padReflect(x, { bottom: bottom ?? 0, right: right ?? 0 });
    return slice(
      denoiser(mirrored),
      { axis: 2, start: 0, length: height },
      { axis: 3, start: 0, length: width },
    );
  };
}
