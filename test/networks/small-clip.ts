import { type ClipConfig, clipImageParameters, clipTextParameters } from '#src/networks/index.js';
import { createRandom, initialiseParameters } from '#src/nn/index.js';
import type { Shape, TensorValue } from '#src/tensor/index.js';
import { elementCount } from '#src/tensor/index.js';

/** A CLIP that is quick to run: 256 channels at its last stage, positional table for 64 × 64 pixels. */
export const small: ClipConfig = {
  embed_dim: 16,
  image_resolution: 64,
  vision_layers: [1, 2, 1, 1],
  vision_width: 8,
  context_length: 20,
  vocab_size: 64,
  transformer_width: 128,
  transformer_heads: 2,
  transformer_layers: 2,
};

export const imageParameters = initialiseParameters(clipImageParameters(small), 1);
export const textParameters = initialiseParameters(clipTextParameters(small), 2);

/** Numbers of a normal distribution. */
export function randomValue(shape: Shape, seed: number): TensorValue {
  const random = createRandom(seed);
  const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal());
  return { data, shape, dtype: 'float32' };
}

/** Parameters as inputs of the group `p`. */
export const fed = (parameters: Readonly<Record<string, TensorValue>>) =>
  Object.fromEntries(Object.entries(parameters).map(([key, value]) => [`p/${key}`, value]));

/** ‖a − b‖ / ‖b‖ */
export function distance(a: TensorValue | undefined, b: TensorValue | undefined): number {
  const [x, y] = [Array.from(a?.data ?? [], Number), Array.from(b?.data ?? [], Number)];
  if (x.length !== y.length || y.length === 0) return Number.POSITIVE_INFINITY;
  return Math.hypot(...x.map((value, i) => value - (y[i] ?? 0))) / Math.hypot(...y);
}
