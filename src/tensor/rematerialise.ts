import { reshape } from './operations/index.js';
import { byteCount } from './peak-bytes.js';
import { elementCount } from './shape.js';
import type { Tensor } from './tensor.js';
import { isPrimitive, rebuiltWith } from './tensor.js';
import { isCheap } from './traits.js';
import { topologicalOrder } from './walk.js';

/** Programs that keep less than this are left as they are: nobody runs out of it, and time is worth more. */
const WORTHWHILE_BYTES = 2 ** 31;

/** A tensor so many times smaller than what is made of it may be kept for that. */
const FEW = 16;

/** Computations that follow each other on the way from what is kept; a longer way would keep as much as it saves. */
const LONGEST = 3;

const isGiven = (tensor: Tensor): boolean => isPrimitive(tensor, 'input') || isPrimitive(tensor, 'constant');

/** x with one more axis in front. */
const lifted = (x: Tensor): Tensor => (isGiven(x) ? x : reshape(x, [1, ...x.shape]));

/**
 * The same gradients in less memory: what the forward pass would keep for them, although it is an element-wise function
 * of other tensors that are kept too, is computed a second time where it is needed (Chen et al., "Training Deep Nets with
 * Sublinear Memory Cost", 2016, for that part of it that costs next to nothing). In a Restormer these are the gated halves
 * of its feed-forward networks and its normalised features, a quarter of all.
 *
 * The second computation has one more axis, because compilers join equal ones.
 *
 * @param loss what the gradients are of
 * @param gradients of {@link gradientsOf}
 * @param above where the forward pass keeps fewer bytes, the gradients are returned as they are
 */
export function rematerialise(
  loss: Tensor,
  gradients: readonly Tensor[],
  above = WORTHWHILE_BYTES,
): readonly Tensor[] {
  const forward = topologicalOrder([loss]);
  const isForward = new Set(forward);
  const backward = topologicalOrder(gradients).filter((tensor) => !isForward.has(tensor));
  const needed = new Set(backward.flatMap(({ inputs }) => [...inputs]));
  const kept = new Set(forward.filter((tensor) => needed.has(tensor) && !isGiven(tensor)));
  if ([...kept].reduce((sum, tensor) => sum + byteCount(tensor), 0) < above) return gradients;

  const known = new Map<Tensor, Tensor | undefined>();
  const lengths = new Map<Tensor, number>();
  /** The tensor out of what is kept: made again, or as it is; undefined if neither can be. */
  const again = (tensor: Tensor, size: number): Tensor | undefined => {
    if (isGiven(tensor)) return tensor;
    if (!known.has(tensor)) known.set(tensor, repeated(tensor));
    const few = elementCount(tensor.shape) * FEW <= size;
    return known.get(tensor) ?? (kept.has(tensor) || few ? tensor : undefined);
  };
  const repeated = (tensor: Tensor): Tensor | undefined => {
    if (!isCheap(tensor)) return undefined;
    const size = elementCount(tensor.shape);
    const sources: Tensor[] = [];
    for (const input of tensor.inputs) {
      const source = again(input, size);
      if (source === undefined) return undefined;
      sources.push(source);
    }
    const length = 1 + Math.max(...sources.map((source) => lengths.get(source) ?? 0));
    if (length > LONGEST) return undefined;
    const second = { ...rebuiltWith(tensor, sources.map(lifted)), shape: [1, ...tensor.shape] };
    const result = reshape(second, tensor.shape);
    lengths.set(result, length);
    return result;
  };

  const rebuilt = new Map<Tensor, Tensor>();
  const now = (tensor: Tensor): Tensor => {
    if (!isForward.has(tensor)) return rebuilt.get(tensor) ?? tensor;
    return again(tensor, 0) ?? tensor;
  };
  for (const tensor of backward) rebuilt.set(tensor, rebuiltWith(tensor, tensor.inputs.map(now)));
  return gradients.map(now);
}
