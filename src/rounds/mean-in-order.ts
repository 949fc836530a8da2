import type { TensorValue } from '../tensor/index.js';

/** Tensors of a network, by parameter key. */
export type Tensors = Readonly<Record<string, TensorValue>>;

/**
 * The mean of tensors, which are added in the order in which they are given, in double precision: whoever answered first, the same
 * tensors in the same order give the same bytes. The mean of one is itself.
 *
 * @throws RangeError where there are none, or they are not of the same keys and lengths
 *
 * @example
 * meanInOrder([gradientsOfFirst, gradientsOfSecond]);
 */
export function meanInOrder(groups: readonly Tensors[]): Record<string, TensorValue> {
  const [first] = groups;
  if (first === undefined) throw new RangeError('there is nothing to take the mean of');
  const mean: Record<string, TensorValue> = {};
  for (const [key, { shape, data }] of Object.entries(first)) {
    const sum = new Float64Array(data.length);
    for (const group of groups) add(sum, group[key], key);
    mean[key] = { data: Float32Array.from(sum, (value) => value / groups.length), shape, dtype: 'float32' };
  }
  return mean;
}

function add(sum: Float64Array, tensor: TensorValue | undefined, key: string): void {
  if (tensor?.data.length !== sum.length) throw new RangeError(`${key} is not of ${sum.length} numbers`);
  for (let i = 0; i < sum.length; i++) sum[i] = Number(sum[i]) + Number(tensor.data[i]);
}

/** √Σ x² over all tensors. */
export function normOf(tensors: Tensors): number {
  let sum = 0;
  for (const { data } of Object.values(tensors)) for (const value of data) sum += Number(value) ** 2;
  return Math.sqrt(sum);
}

/** Whether all numbers are finite: no others may be added to what is learnt. */
export function areFinite(tensors: Tensors): boolean {
  return Object.values(tensors).every(({ data }) => {
    for (const value of data) if (!Number.isFinite(Number(value))) return false;
    return true;
  });
}
