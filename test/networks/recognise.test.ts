import { describe, expect, it } from 'vitest';
import { architecturesFor, networkParameters, recogniseNetwork } from '#src/networks/index.js';

const networks = Object.values(architecturesFor).flatMap((named) => Object.entries(named));

function shapesOf(architecture: (typeof networks)[number][1]): Record<string, readonly number[]> {
  const declared = networkParameters(architecture.ofSize({}));
  return Object.fromEntries([...declared].map(([key, { shape }]) => [key, shape]));
}

describe.each(networks)('%s', (name, architecture) => {
  const shapes = shapesOf(architecture);

  it('is recognised by its tensors', () => {
    expect(recogniseNetwork(shapes)?.description.architecture).toBe(name);
  });

  it('of width 0 is no network', () => {
    const widths = new Set(Object.values(shapes).flatMap((shape) => shape.filter((extent) => extent > 3)));
    for (const width of widths) {
      const empty = Object.entries(shapes).map(([key, shape]) => [
        key,
        shape.map((extent) => (extent === width ? 0 : extent)),
      ]);
      expect(() => recogniseNetwork(Object.fromEntries(empty))).not.toThrow();
    }
    const nothing = Object.keys(shapes).map((key) => [key, shapes[key]?.map(() => 0) ?? []]);
    expect(recogniseNetwork(Object.fromEntries(nothing))).toBeUndefined();
  });

  it('does not grow by a tensor of a place that no network has', () => {
    const numbered = Object.keys(shapes).filter((key) => /\d/.test(key));
    const kinds = new Map(numbered.map((key) => [key.replace(/\d+/g, 'N'), key]));
    for (const key of [...kinds.values()].slice(0, 6)) {
      const far = key.replace(/\d+/, '999999999');
      expect(() => recogniseNetwork({ ...shapes, [far]: shapes[key] ?? [] })).not.toThrow();
    }
  });
});
