import type { ParameterScope } from '../nn/index.js';
import { convolution, spectralConvolution } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { add, imageShape, leakyRelu, resizeBilinear } from '../tensor/index.js';

const SLOPE = 0.2;

/** Sides of its pictures must be divisible by this: three halvings. */
export const UNET_DISCRIMINATOR_MULTIPLE = 8;

/** Twice the size, by straight lines between the centres of pixels. */
function doubled(x: Tensor): Tensor {
  const [, , height, width] = imageShape(x, 'U-Net discriminator');
  return resizeBilinear(x, [2 * height, 2 * width]);
}

/**
 * The U-Net discriminator of Real-ESRGAN (Wang et al., ICCV Workshops 2021): three halvings by 4×4 convolutions, three
 * doublings that are joined with what was on the way down, spectral normalisation but on the first and the last
 * convolution. A logit for every pixel.
 *
 * @param features channels at full resolution; 64 in the original
 * @returns a function from parameters, by the original's keys, and pictures `[batch, 3, height, width]`, sides divisible by
 *   8, to logits `[batch, 1, height, width]`
 *
 * @example
 * const logits = unetDiscriminator(64)(scopeOf(parameters), pictures);
 */
export function unetDiscriminator(features: number): (scope: ParameterScope, x: Tensor) => Tensor {
  return (scope, x) => {
    const normalised = (index: number, y: Tensor, out: number, kernel: 3 | 4): Tensor =>
      leakyRelu(
        spectralConvolution(scope.at(`conv${index}`), y, out, kernel, {
          bias: false,
          padding: 1,
          stride: kernel === 4 ? 2 : 1,
        }),
        SLOPE,
      );
    const full = leakyRelu(convolution(scope.at('conv0'), x, features, 3, { padding: 1 }), SLOPE);
    const half = normalised(1, full, 2 * features, 4);
    const quarter = normalised(2, half, 4 * features, 4);
    const eighth = normalised(3, quarter, 8 * features, 4);
    let y = add(normalised(4, doubled(eighth), 4 * features, 3), quarter);
    y = add(normalised(5, doubled(y), 2 * features, 3), half);
    y = add(normalised(6, doubled(y), features, 3), full);
    y = normalised(8, normalised(7, y, features, 3), features, 3);
    return convolution(scope.at('conv9'), y, 1, 3, { padding: 1 });
  };
}
