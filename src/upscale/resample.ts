/** For each output sample of an axis, `taps` source positions and their weights, one output sample after another. */
export interface AxisWeights {
  readonly taps: number;
  readonly sources: Int32Array;
  readonly weights: Float64Array;
}

/** How an axis lies in memory: `lines` blocks of `length · step` samples, along the axis `step` apart. */
export interface Axis {
  readonly lines: number;
  readonly length: number;
  readonly step: number;
}

/** Replaces the samples along one axis by weighted sums of them, made in double precision. */
export function resampleAxis(
  source: Float32Array | Float64Array,
  target: Float32Array | Float64Array,
  { taps, sources, weights }: AxisWeights,
  { lines, length, step }: Axis,
): void {
  const outputs = weights.length / taps;
  let to = 0;
  // Tap by tap over whole rows where the axis goes down, so that memory is read in order.
  const row = new Float64Array(step);
  for (let line = 0; line < lines; line++) {
    const start = line * length * step;
    for (let i = 0; i < outputs; i++) {
      if (step === 1) {
        let sum = 0;
        for (let k = i * taps; k < (i + 1) * taps; k++)
          sum += (weights[k] ?? 0) * (source[start + (sources[k] ?? 0)] ?? 0);
        target[to++] = sum;
        continue;
      }
      row.fill(0);
      for (let k = i * taps; k < (i + 1) * taps; k++) {
        const weight = weights[k] ?? 0;
        if (weight === 0) continue;
        const from = start + (sources[k] ?? 0) * step;
        for (let x = 0; x < step; x++) row[x] = (row[x] ?? 0) + weight * (source[from + x] ?? 0);
      }
      target.set(row, to);
      to += step;
    }
  }
}
