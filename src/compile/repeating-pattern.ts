import type { TensorValue } from '../tensor/index.js';
import { sameShape } from '../tensor/index.js';

/** Floats of the shape `[…, height, width]`. */
interface Planes {
  readonly data: Float32Array;
  /** All extents but the last two. */
  readonly lead: readonly number[];
  readonly height: number;
  readonly width: number;
}

function planesOf({ data, shape }: TensorValue): Planes | undefined {
  const [height, width] = shape.slice(-2);
  if (!(data instanceof Float32Array) || height === undefined || width === undefined) return undefined;
  return { data, lead: shape.slice(0, -2), height, width };
}

/**
 * The smallest period of the rows or the columns; undefined where they do not repeat at least once in the planes.
 *
 * @param stride from an element to the next one along that axis
 */
function smallestPeriod(data: Float32Array, length: number, stride: number): number | undefined {
  const holds = (period: number): boolean =>
    data.every(
      (value, i) =>
        (Math.floor(i / stride) % length) + period >= length || value === data[i + period * stride],
    );
  for (let period = 1; 2 * period <= length; period++) if (holds(period)) return period;
  return undefined;
}

/** The corner of the planes, of `rows` × `columns`. */
function corner({ data, lead, height, width }: Planes, rows: number, columns: number): TensorValue {
  const kept = data.filter((_, i) => i % width < columns && Math.floor(i / width) % height < rows);
  return { data: kept, shape: [...lead, rows, columns], dtype: 'float32' };
}

/**
 * The smallest part that, repeated along height and width from the first pixel on, gives every one of these planes;
 * undefined where there is none.
 *
 * @param patterns float32 `[…, height, width]`, of several heights and widths
 */
export function repeatingPart(patterns: readonly TensorValue[]): TensorValue | undefined {
  const parts = patterns.map(partOf);
  const [first] = parts;
  const agree = parts.every(
    (part) =>
      part !== undefined &&
      first !== undefined &&
      sameShape(part.shape, first.shape) &&
      part.data.join() === first.data.join(),
  );
  return agree ? first : undefined;
}

function partOf(pattern: TensorValue): TensorValue | undefined {
  const planes = planesOf(pattern);
  if (planes === undefined) return undefined;
  const rows = smallestPeriod(planes.data, planes.height, planes.width);
  const columns = smallestPeriod(planes.data, planes.width, 1);
  return rows === undefined || columns === undefined ? undefined : corner(planes, rows, columns);
}
