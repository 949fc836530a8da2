import { scopeOf } from '../nn/index.js';
import { normaliseForImageNet, vgg19, type Vgg19Features, vgg19Layers } from '../networks/index.js';
import type { Tensor, TensorRecord } from '../tensor/index.js';
import { l1Loss, multiply, total } from '../tensor/index.js';

/** How much the distance at each layer counts; a layer that is left out or 0 is not compared. */
export type PerceptualWeights = Readonly<Partial<Record<keyof Vgg19Features, number>>>;

/** The weights of Real-ESRGAN, LDL and SeD. SFD's are not published. */
export const perceptualWeights: PerceptualWeights = {
  conv1_2: 0.1,
  conv2_2: 0.1,
  conv3_4: 1,
  conv4_4: 1,
  conv5_4: 1,
};

/**
 * The perceptual loss Σ wₗ · mean |φₗ(x) − φₗ(y)|, φₗ the features of VGG19 before the ReLU: as ESRGAN (ECCVW 2018) has it,
 * with the layers and weights of Real-ESRGAN (ICCVW 2021).
 *
 * @param parameters of `vgg19`, by state-dict key; they are not learnt
 * @param x and y pictures, RGB in [0, 1] (what lies outside is not clamped), `[batch, 3, height, width]`
 *
 * @example
 * const loss = add(l1Loss(output, target), perceptualLoss(inputs('vgg', weights.parameters), output, target));
 */
export function perceptualLoss(
  parameters: TensorRecord,
  x: Tensor,
  y: Tensor,
  weights: PerceptualWeights = perceptualWeights,
): Tensor {
  const features = (picture: Tensor): Vgg19Features =>
    vgg19(scopeOf(parameters), normaliseForImageNet(picture));
  const [ofX, ofY] = [features(x), features(y)];
  const terms = vgg19Layers.flatMap((layer) => {
    const weight = weights[layer] ?? 0;
    return weight === 0 ? [] : [multiply(l1Loss(ofX[layer], ofY[layer]), weight)];
  });
  if (terms.length === 0) throw new RangeError('perceptualLoss: no layer has a weight');
  return total(terms);
}
