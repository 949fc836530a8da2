/** Planes of a picture: `[channels, height, width]`, `[0, 1]`. */
export interface Planes {
  readonly channels: number;
  readonly width: number;
  readonly height: number;
}

/** Half the side of the window in which the residual's variance is measured. */
const RADIUS = 4;

/** Brightness classes in which the noise is measured: a camera's noise grows with the light. */
const CLASSES = 12;

/** The share of windows, those with the smallest residual, that are taken to hold noise and nothing else. */
const FLAT_SHARE = 0.1;

/** The smallest of many measured variances lies below the true one by about this factor. */
const CORRECTION = 1.5;

/** Pixels of which the noise level is learnt, at most. */
const SAMPLES = 60_000;

/** Mean of x over a square of side 2·radius + 1 around each pixel, or the part of it inside the picture. */
function boxMean(x: Float32Array, width: number, height: number, radius: number): Float32Array {
  const rows = new Float32Array(x.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    let count = 0;
    for (let i = 0; i < width + radius; i++) {
      if (i < width) {
        sum += x[row + i] ?? 0;
        count += 1;
      }
      if (i > 2 * radius) {
        sum -= x[row + i - 2 * radius - 1] ?? 0;
        count -= 1;
      }
      if (i >= radius) rows[row + i - radius] = sum / count;
    }
  }
  const result = new Float32Array(x.length);
  const sums = new Float64Array(width);
  let count = 0;
  for (let i = 0; i < height + radius; i++) {
    const [entering, leaving] = [i * width, (i - 2 * radius - 1) * width];
    if (i < height) count += 1;
    if (leaving >= 0) count -= 1;
    for (let j = 0; j < width; j++) {
      let sum = sums[j] ?? 0;
      if (i < height) sum += rows[entering + j] ?? 0;
      if (leaving >= 0) sum -= rows[leaving + j] ?? 0;
      sums[j] = sum;
      if (i >= radius) result[(i - radius) * width + j] = Math.max(0, sum / count);
    }
  }
  return result;
}

/** The variance of the noise as a function of brightness: straight lines between the classes. */
function noiseVariance(brightness: Float32Array, variance: Float32Array): (level: number) => number {
  const step = Math.max(1, Math.floor(brightness.length / SAMPLES));
  const sample = Int32Array.from({ length: Math.ceil(brightness.length / step) }, (_, i) => i * step);
  sample.sort((a, b) => (brightness[a] ?? 0) - (brightness[b] ?? 0));
  const classes = Math.min(CLASSES, sample.length);
  const levels: number[] = [];
  const variances: number[] = [];
  for (let c = 0; c < classes; c++) {
    const members = sample.subarray(
      Math.floor((c * sample.length) / classes),
      Math.floor(((c + 1) * sample.length) / classes),
    );
    const found = Float32Array.from(members, (i) => variance[i] ?? 0).sort();
    levels.push(brightness[members[members.length >> 1] ?? 0] ?? 0);
    variances.push((found[Math.floor(found.length * FLAT_SHARE)] ?? 0) + 1e-8);
  }
  return (level) => {
    let c = 0;
    while (c < classes - 2 && (levels[c + 1] ?? 0) < level) c += 1;
    const [from = 0, to = from] = [levels[c], levels[c + 1]];
    const [low = 0, high = low] = [variances[c], variances[c + 1]];
    const share = to > from ? Math.min(1, Math.max(0, (level - from) / (to - from))) : 0;
    return low + (high - low) * share;
  };
}

/**
 * Gives back the detail that a blind-spot network cannot predict and therefore loses.
 *
 * Where the residual r = y − x̂ of a picture y and its denoised x̂ has the variance σ² of the noise alone, x̂ stands. Where
 * it is larger, the rest is the network's own error, and the estimate that weighs both by their variances is
 * `x̂ + (1 − σ²/var r)·r` (a Wiener filter of the residual; Laine et al., NeurIPS 2019, give the same rule for a
 * network that predicts its variance). Noise stays in busy places, where it does not show.
 * σ² is learnt from the picture: per brightness, from the windows with the smallest residual. One weight serves all
 * channels, so that no colours appear.
 *
 * This is no part of SDAP or of any of the methods here; it is this program's own default.
 *
 * @param noisy y, `[channels, height, width]`
 * @param denoised x̂, of the same size
 *
 * @example
 * const data = keepDetail(picture.data, denoised.data, picture);
 */
export function keepDetail(noisy: Float32Array, denoised: Float32Array, planes: Planes): Float32Array {
  const { channels, width, height } = planes;
  const pixels = width * height;
  const excess = new Float32Array(pixels);
  for (let c = 0; c < channels; c++) {
    const brightness = denoised.subarray(c * pixels, (c + 1) * pixels);
    const squares = new Float32Array(pixels);
    for (let i = 0; i < pixels; i++) squares[i] = ((noisy[c * pixels + i] ?? 0) - (brightness[i] ?? 0)) ** 2;
    const variance = boxMean(squares, width, height, RADIUS);
    const noise = noiseVariance(brightness, variance);
    for (let i = 0; i < pixels; i++)
      excess[i] = (excess[i] ?? 0) + (variance[i] ?? 0) / (noise(brightness[i] ?? 0) * CORRECTION * channels);
  }
  const result = new Float32Array(denoised.length);
  for (let i = 0; i < result.length; i++) {
    const weight = Math.min(1, 1 / (excess[i % pixels] ?? 1));
    const y = noisy[i] ?? 0;
    result[i] = y + weight * ((denoised[i] ?? 0) - y);
  }
  return result;
}
