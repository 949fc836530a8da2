import { BLOCKED } from '../blocked-domain.js';
import type { TensorOf } from '../../tensor/index.js';
import { imageShape } from '../../tensor/index.js';
import type { Emitter } from '../emitter.js';
import type { KernelOf } from '../plan/kernel.js';
import { emitBlockedConvolution } from './convolution.js';

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

/**
 * The gradient of a convolution in its weight as a blocked convolution. The sum over the pixels takes the part of the sum
 * over input channels, so each image is cut into strips of rows, and every strip is a channel:
 *
 *     dW[o,c,v,u] = Σ_strips Σ_(i,j) g[o, strip, i, j] · x[c, strip, i + v·dilation, j + u·dilation]
 *
 * The strips of x are the input (its channels c are the batch) and reach over their neighbours as far as the kernel does; the
 * strips of the upstream gradient g are the weight, and its channels o the output channels. The taps (v, u) are the pixels of
 * the output, `dilation` apart. That leaves no copy of x per tap, and no sum over the batch.
 */
export function emitStrips(
  { tensor, strips: { rows, perImage, channels } }: KernelOf<'strips'>,
  [x = '', upstream = '']: readonly string[],
  emit: Emitter,
): string {
  const { block } = emit;
  const { dilation, padding } = tensor.attributes;
  const [batch, into] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const [, out, height, width] = imageShape(tensor.inputs[1], 'convolutionWeightGradient');
  const [, , kernelHeight, kernelWidth] = imageShape(tensor, 'convolutionWeightGradient');
  const overlap = dilation[0] * (kernelHeight - 1);
  const padded = [height + overlap, width + dilation[1] * (kernelWidth - 1)] as const;

  // Rows come in chunks, so that strips, which overlap, are whole chunks; a picture of zeros fills the last block up.
  const chunk = greatestCommonDivisor(rows, overlap);
  const [chunks, perStrip] = [padded[0] / chunk, (rows + overlap) / chunk];
  const spare = channels > batch * perImage ? Math.ceil((channels - batch * perImage) / perImage) : 0;
  const [top, left, bottom, right] = padding;
  const framed = emit.pad(x, [0, 0, top, left], [spare, 0, bottom, right]);
  const stripsOfX = emit.table(`strips of x ${batch} ${into} ${chunks} ${rows} ${chunk} ${channels}`, () => {
    const table = new Int32Array(into * channels * perStrip);
    let i = 0;
    for (let c = 0; c < into; c++)
      for (let strip = 0; strip < channels; strip++) {
        const image = Math.floor(strip / perImage);
        const first = (image * into + c) * chunks + ((strip % perImage) * rows) / chunk;
        for (let j = 0; j < perStrip; j++) table[i++] = first + j;
      }
    return table;
  });
  const chunkRows = emit.reshape(framed, [(batch + spare) * into * chunks, chunk * padded[1]]);
  const input = emit.reshape(emit.node('Gather', [chunkRows, stripsOfX], { axis: 0 }), [
    into,
    channels,
    rows + overlap,
    padded[1],
  ]);

  const stripsOfG = emit.table(
    `strips of g ${batch} ${out} ${height} ${width} ${rows} ${channels} ${block}`,
    () => {
      const table = new Int32Array((out / block) * channels * rows * width);
      let i = 0;
      for (let outBlock = 0; outBlock < out / block; outBlock++)
        for (let first = 0; first < channels; first += block)
          for (let row = 0; row < rows; row++)
            for (let column = 0; column < width; column++)
              for (let strip = first; strip < first + block; strip++) {
                // Beyond the last strip x is zero, so any pixel will do there.
                const image = Math.min(batch - 1, Math.floor(strip / perImage));
                const y = (strip % perImage) * rows + row;
                table[i++] = ((image * (out / block) + outBlock) * height + y) * width + column;
              }
      return table;
    },
  );
  const pixels = emit.reshape(upstream, [(batch * out * height * width) / block, block]);
  const weight = emit.reshape(emit.node('Gather', [pixels, stripsOfG], { axis: 0 }), [
    out,
    channels,
    rows,
    width,
  ]);

  const taps = emitBlockedConvolution(
    {
      x: emit.node('ReorderInput', [input], {}, BLOCKED),
      weight,
      kernel: [rows, width],
      geometry: { stride: dilation, dilation: [1, 1], padding: [0, 0, 0, 0] },
    },
    emit,
  );
  const plain = emit.node('ReorderOutput', [taps], { channels: out }, BLOCKED);
  return emit.transpose(plain, [1, 0, 2, 3]);
}

/**
 * The gradient of a 1×1 convolution in its weight: `dW = Σ_n xₙ · gₙᵀ`, one matrix product per image, whose operands come out
 * of blocked images in the order in which they are multiplied.
 */
export function emitBlockedPointwiseWeightGradient(
  { tensor }: { readonly tensor: TensorOf<'convolutionWeightGradient'> },
  [x = '', upstream = '']: readonly string[],
  emit: Emitter,
): string {
  const [batch, into, height, width] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const [, out] = imageShape(tensor.inputs[1], 'convolutionWeightGradient');
  const pixels = height * width;
  const rows = emit.reshape(x, [batch, into, pixels]);
  const channelsLast = emit.node('ReorderOutput', [upstream], { channels: out, channels_last: 1 }, BLOCKED);
  const columns = emit.reshape(channelsLast, [batch, pixels, out]);
  const products = emit.node('MatMul', [rows, columns]);
  const product = batch === 1 ? emit.reshape(products, [into, out]) : emit.sumOut(products, [0]);
  return emit.reshape(emit.transpose(product, [1, 0]), tensor.shape);
}
