import type { PlanesSize } from './planes.js';

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
  const between = new Float64Array(first === 'down' ? rows * width : height * columns);
  for (let channel = 0; channel < channels; channel++) {
    const source = planes.subarray(channel * height * width, (channel + 1) * height * width);
    const target = result.subarray(channel * rows * columns, (channel + 1) * rows * columns);
    if (first === 'down') {
      resampleDown(source, between, down, width);
      resampleAcross(between, target, across, width);
    } else {
      resampleAcross(source, between, across, width);
      resampleDown(between, target, down, columns);
    }
  }
  return result;
}

function outputsOf({ weights, taps }: AxisWeights): number {
  return weights.length / taps;
}

type Samples = Float32Array | Float64Array;

/** Along rows of `width` samples. */
function resampleAcross(
  source: Samples,
  target: Samples,
  { taps, sources, weights }: AxisWeights,
  width: number,
): void {
  let to = 0;
  for (let start = 0; start < source.length; start += width) {
    for (let k = 0; k < weights.length; ) {
      let sum = 0;
      for (const end = k + taps; k < end; k++)
        sum += (weights[k] ?? 0) * (source[start + (sources[k] ?? 0)] ?? 0);
      target[to++] = sum;
    }
  }
}

/** Along columns, tap by tap over whole rows of `width` samples, so that memory is read in order. */
function resampleDown(
  source: Samples,
  target: Samples,
  { taps, sources, weights }: AxisWeights,
  width: number,
): void {
  const row = new Float64Array(width);
  let to = 0;
  for (let k = 0; k < weights.length; ) {
    row.fill(0);
    for (const end = k + taps; k < end; k++) {
      const weight = weights[k] ?? 0;
      if (weight === 0) continue;
      const from = (sources[k] ?? 0) * width;
      for (let x = 0; x < width; x++) row[x] = (row[x] ?? 0) + weight * (source[from + x] ?? 0);
    }
    target.set(row, to);
    to += width;
  }
}
