import type { ParameterDeclarations } from '../nn/index.js';
import { sameShape } from '../tensor/index.js';
import type { StateDictShapes } from './architecture.js';

/**
 * Whether a state dict has exactly the weights below `features` that a network declares, whatever else is there: how the
 * networks that torchvision trained on ImageNet are told from each other. Batch normalisation, too, has weights there.
 */
export function hasConvolutions(shapes: StateDictShapes, declared: ParameterDeclarations): boolean {
  const found = Object.entries(shapes).filter(([key]) => /^features\..*weight$/.test(key));
  const wanted = [...declared.keys()].filter((key) => key.endsWith('.weight'));
  return (
    found.length === wanted.length &&
    found.every(([key, shape]) => {
      const one = declared.get(key);
      return one !== undefined && sameShape(one.shape, shape);
    })
  );
}
