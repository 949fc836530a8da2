import type { TensorOf } from '../tensor/index.js';
import { imageShape } from '../tensor/index.js';
import { tapsIn } from './convolution-geometry.js';
import type { Emitter } from './emitter.js';
import { padded } from './taps.js';

/**
 * A convolution from many channels to as few as pictures have, where ONNX Runtime's own would leave most of its registers
 * empty: one product makes what every tap gives to each pixel, and these are shifted and added up. Of stride 1.
 */
export function emitTapsToFew(
  { tensor }: { readonly tensor: TensorOf<'convolution'> },
  [x = '', weight = '', bias]: readonly string[],
  emit: Emitter,
): string {
  const { dilation, padding } = tensor.attributes;
  const [batch, into, height, width] = imageShape(tensor.inputs[0], 'convolution');
  const kernel = imageShape(tensor.inputs[1], 'convolution');
  const [, out, rows, columns] = imageShape(tensor, 'convolution');
  const taps = tapsIn(kernel);
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
