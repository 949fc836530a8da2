import { BLOCKED } from '../blocked-domain.js';
import type { Tensor } from '../../tensor/index.js';
import { extent } from '../../tensor/index.js';
import type { Emitter } from '../emitter.js';
import { type ImageRows, PHASES, POINTS, rowsOf, tilesOf } from '../plan/image-rows.js';
import type { KernelOf } from '../plan/kernel.js';
import { rowsOfTiles } from './row-order.js';
import { imageTransform, outputTransform, POINT_OF_BIAS, winogradWeight } from './winograd-weight.js';

/** Bᵀd of an image. */
export function transformedImage(
  image: string,
  form: 'blocked' | 'phased',
  rows: ImageRows,
  emit: Emitter,
): string {
  const matrix = emit.floatTable('Winograd Bᵀ', [POINTS, POINTS], () => Float32Array.from(imageTransform));
  return emit.reshape(emit.node('MatMul', [matrix, rowsOfTiles(image, form, rows, emit)]), [
    rows.batch,
    POINTS * rows.blocks * rows.block,
    tilesOf(rows),
    rows.width,
  ]);
}

/** Aᵀ, times a factor, of the products: the rows of the result, by phases. */
export function transformedBack(products: string, factor: number, rows: ImageRows, emit: Emitter): string {
  const matrix = emit.floatTable(`Winograd Aᵀ · ${factor}`, [PHASES, POINTS], () =>
    Float32Array.from(outputTransform, (value) => value * factor),
  );
  const numbers = rows.blocks * tilesOf(rows) * rows.width * rows.block;
  const byPoint = emit.reshape(products, [rows.batch, POINTS, numbers]);
  return emit.node('MatMul', [matrix, byPoint]);
}

function biasAtPoint(bias: Float32Array): Float32Array {
  const result = new Float32Array(POINTS * bias.length);
  result.set(bias, POINT_OF_BIAS * bias.length);
  return result;
}

/**
 * A convolution of 3×3 with a constant weight by Winograd's minimal filtering along the columns: four rows of the result
 * from six rows of the image take 6 products where 12 were. The products are one blocked convolution of six groups, with
 * kernels of 1×3; the transforms are products with constant matrices. Joined images are not joined: the products of each
 * are added up, and each is transformed once for all convolutions.
 *
 * @param images transformed
 * @returns the products
 */
export function emitWinograd(
  { convolution: { parts, weight, bias, out, into, sides } }: KernelOf<'winograd'>,
  images: readonly string[],
  emit: Emitter,
): string {
  const attributes = {
    kernel_shape: [1, 3],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [0, sides[0], 0, sides[1]],
    group: POINTS,
  };
  let products = '';
  let start = 0;
  for (const [i, part] of parts.entries()) {
    const length = extent(part.shape, 1);
    const cut = winogradWeight(weight, [out, into], { start, length }, emit.block);
    const inputs = [images[i] ?? '', emit.initialiser(cut, [POINTS * out, length, 1, 3], 'float32')];
    if (products !== '') inputs.push('', products);
    else if (bias !== undefined) inputs.push(emit.initialiser(biasAtPoint(bias), [POINTS * out], 'float32'));
    products = emit.node('Conv', inputs, attributes, BLOCKED);
    start += length;
  }
  return products;
}

/** Such a convolution times a number: the number goes into Aᵀ. */
export const emitScaledWinograd = (
  { convolved, factor }: { readonly convolved: Tensor; readonly factor: number },
  [products = '']: readonly string[],
  emit: Emitter,
): string => transformedBack(products, factor, rowsOf(convolved, emit.block), emit);
