import type { Tensor, TensorOf } from '../../tensor/index.js';
import { elementCount, extent, isPrimitive } from '../../tensor/index.js';
import type { Emitter } from '../emitter.js';
import type { BlockedContext } from './context.js';
import { type ImageRows, PHASES, rowsOf, rowsOfTiles, tilesOf } from './row-order.js';
import type { Spelled } from './values.js';
import { imageTransform, outputTransform, POINT_OF_BIAS, POINTS, winogradWeight } from './winograd-weight.js';

/** Bᵀd of an image. */
function transformedImage(part: Tensor, { emit, values, block, winograd }: BlockedContext): string {
  const known = winograd.transformed.get(part);
  if (known !== undefined) return known;
  const rows = rowsOf(part, block);
  const form = values.liesPhased(part) ? 'phased' : 'blocked';
  const matrix = emit.floatTable('Winograd Bᵀ', [POINTS, POINTS], () => Float32Array.from(imageTransform));
  const seen = rowsOfTiles(values[form](part), form, rows, emit);
  const name = emit.reshape(emit.node('MatMul', [matrix, seen]), [
    rows.batch,
    POINTS * rows.blocks * block,
    tilesOf(rows),
    rows.width,
  ]);
  winograd.transformed.set(part, name);
  return name;
}

/** Aᵀ, times a factor, of the products: the rows of the result, by phases. */
function transformedBack(products: string, factor: number, rows: ImageRows, emit: Emitter): Spelled {
  const matrix = emit.floatTable(`Winograd Aᵀ · ${factor}`, [PHASES, POINTS], () =>
    Float32Array.from(outputTransform, (value) => value * factor),
  );
  const numbers = rows.blocks * tilesOf(rows) * rows.width * rows.block;
  const byPoint = emit.reshape(products, [rows.batch, POINTS, numbers]);
  return { layout: 'phased', name: emit.node('MatMul', [matrix, byPoint]) };
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
 * @returns undefined where it was not chosen; see `winograd-plan.ts`.
 */
export function winogradConvolution(
  tensor: TensorOf<'convolution'>,
  context: BlockedContext,
): Spelled | undefined {
  const { emit, winograd, block } = context;
  const found = winograd.chosen.get(tensor);
  if (found === undefined) return undefined;
  const { parts, weight, bias, out, into, sides } = found;
  const attributes = {
    kernel_shape: [1, 3],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [0, sides[0], 0, sides[1]],
    group: POINTS,
  };
  let products = '';
  let start = 0;
  for (const part of parts) {
    const length = extent(part.shape, 1);
    const cut = winogradWeight(weight, [out, into], { start, length }, block);
    const inputs = [
      transformedImage(part, context),
      emit.initialiser(cut, [POINTS * out, length, 1, 3], 'float32'),
    ];
    if (products !== '') inputs.push('', products);
    else if (bias !== undefined) inputs.push(emit.initialiser(biasAtPoint(bias), [POINTS * out], 'float32'));
    products = emit.node('Conv', inputs, attributes, { domain: 'com.microsoft.nchwc' });
    start += length;
  }
  winograd.products.set(tensor, products);
  return transformedBack(products, 1, rowsOf(tensor, block), emit);
}

/** Such a convolution times a number: the number goes into Aᵀ. */
export function scaledWinograd(
  tensor: TensorOf<'multiply'>,
  { emit, winograd, block }: BlockedContext,
): Spelled | undefined {
  const [a, b] = tensor.inputs;
  for (const [convolved, factor] of [[a, b] as const, [b, a] as const]) {
    const products = winograd.products.get(convolved);
    if (products === undefined || !isPrimitive(factor, 'constant') || elementCount(factor.shape) !== 1)
      continue;
    return transformedBack(products, Number(factor.attributes.data[0]), rowsOf(convolved, block), emit);
  }
  return undefined;
}
