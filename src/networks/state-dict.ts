import type { StateDictShapes } from './architecture.js';

/**
 * How many numbered entries a state dict has below a name: `countBelow(shapes, 'encoders.0')` is 2 where there are keys
 * `encoders.0.0.…` and `encoders.0.1.…`. In any order of the keys.
 */
export function countBelow(shapes: StateDictShapes, name: string): number {
  const prefix = `${name}.`;
  let count = 0;
  for (const key of Object.keys(shapes)) {
    if (!key.startsWith(prefix)) continue;
    const [index = ''] = key.slice(prefix.length).split('.', 1);
    if (/^\d+$/.test(index)) count = Math.max(count, Number(index) + 1);
  }
  return count;
}
