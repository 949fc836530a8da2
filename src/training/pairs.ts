import type { BatchSize } from '../nn/index.js';
import type { Shape, TensorValue } from '../tensor/index.js';

/** Where a step's pairs come from, in the order of the steps. */
export interface Pairs {
  next(): Promise<{
    readonly step: number;
    /** `[batch, 3, patch, patch]`, in [0, 1]. */
    readonly high: Float32Array;
    /** Smaller by the scale. */
    readonly low: Float32Array;
    /** What pixels and features are compared with in place of `high`: Real-ESRGAN's sharpened pictures. */
    readonly sharpened?: Float32Array;
  }>;
}

/** Shapes of a batch of pairs. */
export interface PairShapes {
  readonly high: Shape;
  readonly low: Shape;
}

/** The shapes of pairs whose large patches are of this size. */
export function pairShapes({ batch, patch }: BatchSize, scale: number): PairShapes {
  return { high: [batch, 3, patch, patch], low: [batch, 3, patch / scale, patch / scale] };
}

/** The pairs of a step as inputs of a program: `low`, `high` and, where there are any, `sharpened`. */
export async function pairFeeds(
  pairs: Pairs,
  step: number,
  shapes: PairShapes,
): Promise<Readonly<Record<string, TensorValue>>> {
  const { step: found, high, low, sharpened } = await pairs.next();
  if (found !== step) throw new RangeError(`expected the pairs of step ${step}, got those of ${found}`);
  const value = (data: Float32Array, shape: Shape): TensorValue => ({ data, shape, dtype: 'float32' });
  return {
    low: value(low, shapes.low),
    high: value(high, shapes.high),
    ...(sharpened === undefined ? {} : { sharpened: value(sharpened, shapes.high) }),
  };
}
