import { declareParameters, type Network } from '#src/nn/index.js';
import type { StateDictShapes } from '#src/networks/index.js';
import type { Shape } from '#src/tensor/index.js';
import { elementCount } from '#src/tensor/index.js';
import { readSafetensorsHeader } from '#src/weights/index.js';

/** Shapes of a network's parameters, by state-dict key, in order of use. */
export function shapesOf(network: Network, channels = 3, side = 32): Record<string, Shape> {
  const declared = declareParameters(network, [1, channels, side, side]);
  return Object.fromEntries([...declared].map(([key, { shape }]) => [key, shape]));
}

/** Number of all parameters. */
export function parameterCount(shapes: StateDictShapes): number {
  return Object.values(shapes).reduce((sum, shape) => sum + elementCount(shape), 0);
}

/** The same shapes, their keys in another order. */
export function backwards(shapes: StateDictShapes): StateDictShapes {
  return Object.fromEntries(Object.entries(shapes).reverse());
}

/** What the original program's full-size state dict is, as a fixture has it: shapes by key, and the number of parameters. */
export async function publishedShapes(
  fixture: string,
): Promise<{ readonly shapes: Record<string, unknown>; readonly parameters: number }> {
  const path = new URL(`../fixtures/networks/${fixture}.safetensors`, import.meta.url).pathname;
  const { metadata } = await readSafetensorsHeader(path);
  const order: unknown = JSON.parse(metadata['parameter_order'] ?? '');
  const entries = (Array.isArray(order) ? order : []).map((entry: unknown) => {
    const [key, shape]: unknown[] = Array.isArray(entry) ? entry : [];
    return [String(key), shape] as const;
  });
  return { shapes: Object.fromEntries(entries), parameters: Number(metadata['parameters']) };
}
