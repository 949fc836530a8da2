import type { TensorOf } from '../tensor/index.js';
import { imageShape, isPrimitive } from '../tensor/index.js';
import type { Emitter } from './emitter.js';
import { FEW_CHANNELS, padded, tapsIn } from './taps.js';

/**
 * A convolution from many channels to as few as pictures have, where ONNX Runtime's own would leave most of its registers
 * empty: one product makes what every tap gives to each pixel, and these are shifted and added up. CPU, fed weights, stride 1.
 */
export function lowerToFewChannels(
  tensor: TensorOf<'convolution'>,
  [x = '', weight = '', bias]: readonly string[],
  emit: Emitter,
): string | undefined {
  const { stride, dilation, padding, groups } = tensor.attributes;
  const [batch, into, height, width] = imageShape(tensor.inputs[0], 'convolution');
  const kernel = imageShape(tensor.inputs[1], 'convolution');
  const [, out, rows, columns] = imageShape(tensor, 'convolution');
  const taps = tapsIn(kernel);
  const applies = groups === 1 && stride.every((step) => step === 1) && taps.length > 1;
  if (emit.device !== 'cpu' || isPrimitive(tensor.inputs[1], 'constant') || !applies) return undefined;
  if (out > FEW_CHANNELS || into < 4 * FEW_CHANNELS) return undefined;
  const byTap = emit.transpose(emit.reshape(weight, [out, into, taps.length]), [2, 0, 1]);
  const pixels = emit.reshape(x, [batch, into, height * width]);
  const products = emit.node('MatMul', [emit.reshape(byTap, [taps.length * out, into]), pixels]);
  const images = padded(emit.reshape(products, [batch, taps.length * out, height, width]), padding, emit);
  const parts = taps.map(([v, u], tap) =>
    emit.slice(images, [
      { axis: 1, start: tap * out, length: out, step: 1 },
      { axis: 2, start: v * dilation[0], length: rows, step: 1 },
      { axis: 3, start: u * dilation[1], length: columns, step: 1 },
    ]),
  );
  const shift = bias === undefined ? [] : [emit.reshape(bias, [1, out, 1, 1])];
  return emit.node('Sum', [...parts, ...shift]);
}
