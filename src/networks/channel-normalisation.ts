import type { Tensor } from '../tensor/index.js';
import { constant, imageShape, multiply, subtract } from '../tensor/index.js';

/** Mean and standard deviation of red, green and blue. */
export interface ChannelStatistics {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

const perChannel = (values: readonly number[]): Tensor =>
  constant(Float32Array.from(values), [1, values.length, 1, 1]);

/** (x − mean) / deviation of every channel. x: RGB in [0, 1], `[batch, 3, height, width]`. */
export function normaliseChannels(x: Tensor, { mean, deviation }: ChannelStatistics): Tensor {
  imageShape(x, 'normaliseChannels');
  return multiply(subtract(x, perChannel(mean)), perChannel(deviation.map((value) => 1 / value)));
}
