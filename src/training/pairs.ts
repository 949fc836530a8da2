import { type BatchSize, pairShapes } from '../nn/index.js';
import type { Shape, TensorValue } from '../tensor/index.js';
import type { DataSource, Feeds } from './data-source.js';
import { present } from '../present.js';

/** The pairs of a step. */
export interface Pairs {
  /** `[batch, 3, patch, patch]`, in [0, 1]. */
  readonly high: Float32Array;
  /** Smaller by the scale. */
  readonly low: Float32Array;
  /** What pixels and features are compared with in place of `high`: Real-ESRGAN's sharpened pictures. */
  readonly sharpened?: Float32Array;
  /** As large as `low`: the small pictures before noise and JPEG, for a teacher. */
  readonly clean?: Float32Array;
}

/** Pairs as inputs of a program: `low`, `high` and, where there are any, `sharpened` and `clean`. */
export function pairData(pairs: DataSource<Pairs>, size: BatchSize, scale: number): DataSource<Feeds> {
  const shapes = pairShapes(size, scale);
  const value = (data: Float32Array, shape: Shape): TensorValue => ({ data, shape, dtype: 'float32' });
  return {
    async at(step) {
      const { high, low, sharpened, clean } = await pairs.at(step);
      return {
        low: value(low, shapes.low),
        high: value(high, shapes.high),
        ...present({
          sharpened: sharpened && value(sharpened, shapes.high),
          clean: clean && value(clean, shapes.low),
        }),
      };
    },
  };
}
