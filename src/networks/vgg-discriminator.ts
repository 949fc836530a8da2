import type { ParameterScope } from '../nn/index.js';
import { batchNormalisation, biasUniform, convolution, kaimingUniform } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { imageShape, leakyRelu, linear, reshape } from '../tensor/index.js';

const SLOPE = 0.2;

/** Side of the last feature map. */
const LAST_SIDE = 4;

/** The sides of pictures that it may be made for. */
export const vggDiscriminatorSides: readonly number[] = [128, 256];

/**
 * The VGG-style discriminator of ESRGAN (Wang et al., ECCV Workshops 2018): pairs of a 3×3 and a halving 4×4 convolution with
 * batch normalisation by the batch's statistics, down to 4×4 positions, then two linear layers. A logit for every picture.
 *
 * @param features channels at full resolution; 64 in the original
 * @returns a function from parameters, by the original's keys, and pictures `[batch, 3, side, side]`, 128 or 256 a side, to
 *   logits `[batch, 1]`
 *
 * @example
 * const logits = vggDiscriminator(64)(scopeOf(parameters), pictures);
 */
export function vggDiscriminator(features: number): (scope: ParameterScope, x: Tensor) => Tensor {
  return (scope, x) => {
    const [batch, , height, width] = imageShape(x, 'VGG-style discriminator');
    if (height !== width || !vggDiscriminatorSides.includes(width))
      throw new RangeError(
        `the VGG-style discriminator looks at squares of ${vggDiscriminatorSides.join(' or ')} pixels, got ${width} × ${height}`,
      );
    const normalised = (name: string, y: Tensor, out: number, kernel: 3 | 4): Tensor => {
      const options = { bias: false, padding: 1, stride: kernel === 4 ? 2 : 1 };
      const deep = convolution(scope.at(`conv${name}`), y, out, kernel, options);
      return leakyRelu(batchNormalisation(scope.at(`bn${name}`), deep, { statistics: 'batch' }), SLOPE);
    };
    const first = leakyRelu(convolution(scope.at('conv0_0'), x, features, 3, { padding: 1 }), SLOPE);
    let y = normalised('0_1', first, features, 4);
    for (let level = 1; 2 * LAST_SIDE * 2 ** level <= width; level++) {
      const channels = features * Math.min(8, 2 ** level);
      y = normalised(`${level}_0`, y, channels, 3);
      y = normalised(`${level}_1`, y, channels, 4);
    }
    const positions = 8 * features * LAST_SIDE * LAST_SIDE;
    const dense = (name: string, z: Tensor, inputs: number, out: number): Tensor =>
      linear(
        z,
        scope.at(name).parameter('weight', [out, inputs], kaimingUniform),
        scope.at(name).parameter('bias', [out], biasUniform(inputs)),
      );
    const hidden = leakyRelu(dense('linear1', reshape(y, [batch, positions]), positions, 100), SLOPE);
    return dense('linear2', hidden, 100, 1);
  };
}
