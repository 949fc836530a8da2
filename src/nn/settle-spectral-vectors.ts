import { floatsOf, type TensorValue } from '../tensor/index.js';

/** As many as PyTorch's `parametrizations.spectral_norm` makes of a new layer. */
const ITERATIONS = 15;

/** x of length 1. */
function normalised(x: Float64Array): Float64Array {
  const length = Math.max(Math.sqrt(x.reduce((sum, value) => sum + value * value, 0)), 1e-12);
  return x.map((value) => value / length);
}

/** Wᵀu of W, `[out, inputs]`. */
function leftProduct(u: Float64Array, weight: Float64Array): Float64Array {
  const inputs = weight.length / u.length;
  const product = new Float64Array(inputs);
  for (let row = 0; row < u.length; row++) {
    const factor = u[row] ?? 0;
    for (let i = 0; i < inputs; i++)
      product[i] = (product[i] ?? 0) + factor * (weight[row * inputs + i] ?? 0);
  }
  return product;
}

/** Wv of W, `[out, inputs]`. */
function rightProduct(v: Float64Array, weight: Float64Array): Float64Array {
  const product = new Float64Array(weight.length / v.length);
  for (let row = 0; row < product.length; row++) {
    let sum = 0;
    for (let i = 0; i < v.length; i++) sum += (weight[row * v.length + i] ?? 0) * (v[i] ?? 0);
    product[row] = sum;
  }
  return product;
}

/**
 * First values of parameters in which the vectors of spectral normalisation belong to their weights. Vectors that are
 * drawn at random know nothing of a weight: it would be divided by nearly 0, and who learns against it, and not it, would
 * begin with gradients that are far too large.
 *
 * @param values by state-dict key; what has no `….weight_u` and `….weight_v` beside it stays as it is
 *
 * @example
 * const first = settleSpectralVectors(initialiseParameters(declared, seed));
 */
export function settleSpectralVectors(
  values: Readonly<Record<string, TensorValue>>,
): Readonly<Record<string, TensorValue>> {
  const settled: Record<string, TensorValue> = { ...values };
  for (const [key, { data }] of Object.entries(values)) {
    if (!key.endsWith('weight_orig')) continue;
    const [left, right] = [key.replace(/orig$/, 'u'), key.replace(/orig$/, 'v')];
    const [first, other] = [values[left], values[right]];
    if (first === undefined || other === undefined) continue;
    const weight = new Float64Array(floatsOf(data));
    let u: Float64Array = new Float64Array(floatsOf(first.data));
    let v: Float64Array = new Float64Array(weight.length / u.length);
    for (let i = 0; i < ITERATIONS; i++) {
      v = normalised(leftProduct(u, weight));
      u = normalised(rightProduct(v, weight));
    }
    settled[left] = { ...first, data: Float32Array.from(u) };
    settled[right] = { ...other, data: Float32Array.from(v) };
  }
  return settled;
}
