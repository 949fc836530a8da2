import type { TensorOf } from '../../tensor/index.js';
import { imageShape } from '../../tensor/index.js';
import type { BlockedContext } from './context.js';
import { emitBlockedConvolution } from './convolution.js';
import type { Spelled } from './values.js';

/** Positions of a kernel whose weights for four blocks of channels still fit the second-level cache. */
const LARGEST_KERNEL = 128;

/** How the pixels that a weight gradient sums over are dealt out. */
interface Strips {
  /** Rows of the upstream gradient in a strip. */
  readonly rows: number;
  /** Strips of an image. */
  readonly perImage: number;
  /** Strips of all images, filled up to whole blocks. */
  readonly channels: number;
}

/** Which strips cost least: short ones fill blocks without waste, long ones overlap less. */
function dealOut(
  batch: number,
  [height, width]: readonly [number, number],
  overlap: number,
  block: number,
): Strips | undefined {
  let best: (Strips & { readonly cost: number }) | undefined;
  for (let rows = 1; rows <= height && rows * width <= LARGEST_KERNEL; rows++) {
    if (height % rows !== 0) continue;
    const perImage = height / rows;
    const channels = Math.ceil((batch * perImage) / block) * block;
    const cost = (channels / (batch * perImage)) * (1 + (0.1 * (rows + overlap)) / rows);
    if (best === undefined || cost < best.cost) best = { rows, perImage, channels, cost };
  }
  return best;
}

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
 *
 * Undefined where it does not apply: strides, groups, 1×1 kernels, images wider than {@link LARGEST_KERNEL}.
 */
export function blockedWeightGradient(
  tensor: TensorOf<'convolutionWeightGradient'>,
  { emit, values, block }: BlockedContext,
): Spelled | undefined {
  const [x, upstream] = tensor.inputs;
  const { stride, dilation, padding, groups } = tensor.attributes;
  const [batch, into] = imageShape(x, 'convolutionWeightGradient');
  const [, out, height, width] = imageShape(upstream, 'convolutionWeightGradient');
  const [, , kernelHeight, kernelWidth] = imageShape(tensor, 'convolutionWeightGradient');
  if (groups !== 1 || stride[0] !== 1 || stride[1] !== 1 || kernelHeight * kernelWidth === 1)
    return undefined;
  if (out % block !== 0 || into < block) return undefined;
  const overlap = dilation[0] * (kernelHeight - 1);
  const padded = [height + overlap, width + dilation[1] * (kernelWidth - 1)] as const;
  const strips = dealOut(batch, [height, width], overlap, block);
  if (strips === undefined) return undefined;
  const { rows, perImage, channels } = strips;

  // Rows come in chunks, so that strips, which overlap, are whole chunks; a picture of zeros fills the last block up.
  const chunk = greatestCommonDivisor(rows, overlap);
  const [chunks, perStrip] = [padded[0] / chunk, (rows + overlap) / chunk];
  const spare = channels > batch * perImage ? Math.ceil((channels - batch * perImage) / perImage) : 0;
  const [top, left, bottom, right] = padding;
  const framed = emit.pad(values.plain(x), [0, 0, top, left], [spare, 0, bottom, right]);
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
  const pixels = emit.reshape(values.blocked(upstream), [(batch * out * height * width) / block, block]);
  const weight = emit.reshape(emit.node('Gather', [pixels, stripsOfG], { axis: 0 }), [
    out,
    channels,
    rows,
    width,
  ]);

  const taps = emitBlockedConvolution(
    {
      x: emit.node('ReorderInput', [input], {}, { domain: 'com.microsoft.nchwc' }),
      weight,
      kernel: [rows, width],
      geometry: { stride: dilation, dilation: [1, 1], padding: [0, 0, 0, 0] },
    },
    emit,
  );
  const plain = emit.node('ReorderOutput', [taps], { channels: out }, { domain: 'com.microsoft.nchwc' });
  return { layout: 'plain', name: emit.transpose(plain, [1, 0, 2, 3]) };
}

/**
 * The gradient of a 1×1 convolution in its weight: `dW = Σ_n xₙ · gₙᵀ`, one matrix product per image, whose operands come out
 * of blocked images in the order in which they are multiplied.
 */
export function pointwiseWeightGradient(
  tensor: TensorOf<'convolutionWeightGradient'>,
  { emit, values }: BlockedContext,
): Spelled | undefined {
  const [x, upstream] = tensor.inputs;
  const { stride, padding, groups } = tensor.attributes;
  const [batch, into, height, width] = imageShape(x, 'convolutionWeightGradient');
  const [, out] = imageShape(upstream, 'convolutionWeightGradient');
  const [, , kernelHeight, kernelWidth] = imageShape(tensor, 'convolutionWeightGradient');
  const plain = [...stride, kernelHeight, kernelWidth].every((n) => n === 1) && padding.every((n) => n === 0);
  if (!plain || groups !== 1 || !values.liesBlocked(upstream)) return undefined;
  const pixels = height * width;
  const rows = emit.reshape(values.plain(x), [batch, into, pixels]);
  const columns = emit.reshape(values.channelsLast(upstream), [batch, pixels, out]);
  const products = emit.node('MatMul', [rows, columns]);
  const product = batch === 1 ? emit.reshape(products, [into, out]) : emit.sumOut(products, [0]);
  return { layout: 'plain', name: emit.reshape(emit.transpose(product, [1, 0]), tensor.shape) };
}
