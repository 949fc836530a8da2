import { RevelaError } from '../errors.js';
import { type Shape, formatShape, sameShape } from '../tensor/index.js';

/** The first few of a list, as a sentence part. */
export const few = (keys: readonly string[]): string =>
  keys.slice(0, 3).join(', ') + (keys.length > 3 ? ` and ${keys.length - 3} more` : '');

/**
 * Compares the tensors of a weights file with those of the network that it is for.
 *
 * @param network what errors call it
 * @throws RevelaError, one line, that names tensors which are missing, unknown or of another shape
 */
export function expectTensors(
  path: string,
  network: string,
  expected: ReadonlyMap<string, Shape>,
  found: Readonly<Record<string, { readonly shape: Shape }>>,
): void {
  const missing = [...expected.keys()].filter((key) => found[key] === undefined);
  const unknown = Object.keys(found).filter((key) => !expected.has(key));
  if (missing.length > 0)
    throw new RevelaError(
      `${path}: ${network} weights lack ${few(missing)}; save the whole state dict of the network`,
    );
  if (unknown.length > 0)
    throw new RevelaError(
      `${path}: ${network} of this size has no ${few(unknown)}; save the state dict of the network alone`,
    );
  const misshapen = [...expected].flatMap(([key, shape]) => {
    const tensor = found[key];
    return tensor === undefined || sameShape(tensor.shape, shape)
      ? []
      : [`${key} must be ${formatShape(shape)}, got ${formatShape(tensor.shape)}`];
  });
  if (misshapen.length > 0)
    throw new RevelaError(
      `${path}: as ${network} weights, ${few(misshapen)}; take the weights of one network`,
    );
}
