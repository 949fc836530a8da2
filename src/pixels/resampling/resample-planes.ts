import type { PlanesSize } from '../planes.js';

/** For each output sample of an axis, `taps` source positions and their weights, one output sample after another. */
export interface AxisWeights {
  readonly taps: number;
  readonly sources: Int32Array;
  readonly weights: Float64Array;
}

/**
 * Replaces the samples along both axes by weighted sums of them, made in double precision; the first axis is not
 * rounded before the second.
 *
 * @param planes `[channels, height, width]`
 * @param first which axis is done first
 * @returns `[channels, outputs of down, outputs of across]`
 */
export function resamplePlanes(
  planes: Float32Array,
  { channels, width, height }: PlanesSize,
  { across, down, first }: { across: AxisWeights; down: AxisWeights; first: 'across' | 'down' },
): Float32Array<ArrayBuffer> {
  const [columns, rows] = [outputsOf(across), outputsOf(down)];
  const result = new Float32Array(channels * rows * columns);
  const source = scratch('source', height, width);
  const between = first === 'down' ? scratch('between', rows, width) : scratch('between', height, columns);
  const target = scratch('target', rows, columns);
  for (let channel = 0; channel < channels; channel++) {
    source.set(planes.subarray(channel * height * width, (channel + 1) * height * width));
    if (first === 'down') {
      resampleDown(source, between, down, width);
      resampleAcross(between, target, across, { rows, width });
    } else {
      resampleAcross(source, between, across, { rows: height, width });
      resampleDown(between, target, down, columns);
    }
    result.set(target.subarray(0, rows * columns), channel * rows * columns);
  }
  return result;
}

type Plane = 'source' | 'between' | 'target';

/** Rooms for small planes, which are used again: many of them, one after the other, would keep the collector busy. */
const rooms: { [plane in Plane]?: Float64Array } = {};
const largestRoom = 2 ** 19;

/**
 * Room for a plane and for what the loops below read and write beyond it, four at a time; it may hold old numbers. All
 * of them work on one type of array and never outside of it: what they are compiled to is else three times slower.
 */
function scratch(plane: Plane, rows: number, columns: number): Float64Array {
  const needed = (rows + 3) * columns + 3;
  if (needed > largestRoom) return new Float64Array(needed);
  const room = rooms[plane];
  if (room !== undefined && room.length >= needed) return room;
  const larger = new Float64Array(needed);
  rooms[plane] = larger;
  return larger;
}

function outputsOf({ weights, taps }: AxisWeights): number {
  return weights.length / taps;
}

/** Along rows of `width` samples; four rows at a time, so that each weight is read once for all of them. */
function resampleAcross(
  source: Float64Array,
  target: Float64Array,
  { taps, sources, weights }: AxisWeights,
  { rows, width }: { readonly rows: number; readonly width: number },
): void {
  const outputs = weights.length / taps;
  for (let row = 0; row < rows; row += 4) {
    const start = row * width;
    for (let i = 0; i < outputs; i++) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let k = i * taps, end = k + taps; k < end; k++) {
        const weight = weights[k] ?? 0;
        const from = start + (sources[k] ?? 0);
        a += weight * (source[from] ?? 0);
        b += weight * (source[from + width] ?? 0);
        c += weight * (source[from + 2 * width] ?? 0);
        d += weight * (source[from + 3 * width] ?? 0);
      }
      const to = row * outputs + i;
      target[to] = a;
      target[to + outputs] = b;
      target[to + 2 * outputs] = c;
      target[to + 3 * outputs] = d;
    }
  }
}

/** Along columns, in rows of `width` samples; four columns at a time. What goes beyond a row, the next one overwrites. */
function resampleDown(
  source: Float64Array,
  target: Float64Array,
  { taps, sources, weights }: AxisWeights,
  width: number,
): void {
  const outputs = weights.length / taps;
  for (let i = 0; i < outputs; i++) {
    for (let x = 0; x < width; x += 4) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let k = i * taps, end = k + taps; k < end; k++) {
        const weight = weights[k] ?? 0;
        const from = (sources[k] ?? 0) * width + x;
        a += weight * (source[from] ?? 0);
        b += weight * (source[from + 1] ?? 0);
        c += weight * (source[from + 2] ?? 0);
        d += weight * (source[from + 3] ?? 0);
      }
      const to = i * width + x;
      target[to] = a;
      target[to + 1] = b;
      target[to + 2] = c;
      target[to + 3] = d;
    }
  }
}
