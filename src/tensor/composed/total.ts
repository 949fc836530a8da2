import { add } from '../operations/index.js';
import type { Tensor } from '../tensor.js';

/**
 * The sum of several tensors, added up in their order.
 *
 * @throws RangeError if there are none
 */
export function total(terms: readonly Tensor[]): Tensor {
  const [first, ...rest] = terms;
  if (first === undefined) throw new RangeError('total: there is nothing to add up');
  return rest.reduce(add, first);
}
