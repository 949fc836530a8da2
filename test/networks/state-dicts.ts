import { fileURLToPath } from 'node:url';
import type { NetworkDescription } from '#src/networks/index.js';
import { declareParameters } from '#src/nn/index.js';
import type { Shape } from '#src/tensor/index.js';
import { elementCount } from '#src/tensor/index.js';
import { readSafetensorsHeader } from '#src/weights/index.js';

/** Shapes of a network's parameters by state-dict key, in order of use. */
export function shapesOf({ network, inputChannels }: NetworkDescription): Record<string, Shape> {
  const declared = declareParameters(network, [1, inputChannels, 64, 64]);
  return Object.fromEntries([...declared].map(([key, { shape }]) => [key, shape]));
}

/** How many numbers shapes hold together. */
export const countOf = (shapes: Readonly<Record<string, Shape>>): number =>
  Object.values(shapes).reduce((sum, shape) => sum + elementCount(shape), 0);

/** Shapes of the published state dict, by key, as a fixture of a full-size network lists them. */
export async function publishedShapes(fixture: string): Promise<Record<string, Shape>> {
  const path = fileURLToPath(new URL(`../fixtures/networks/${fixture}.safetensors`, import.meta.url));
  const { metadata } = await readSafetensorsHeader(path);
  const order: unknown = JSON.parse(metadata['parameter_order'] ?? '');
  if (!Array.isArray(order)) throw new Error(`${fixture} has no parameter_order`);
  return Object.fromEntries(order);
}

/** The same entries in the opposite order. */
export const backwards = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).reverse());
