/** Lags at which correlation is measured, in pixels. */
export const lags = [1, 2, 3, 4];

/** Patches with a channel nearer to black or white than this, of 255, are left out: what is clipped hides its noise. */
const margin = 8;
/** Luma noise below this, of 255, is what rounding and JPEG left: it has no correlation that is worth a number. */
const least = 0.35;

/**
 * Noise of one square window, of interleaved 8-bit samples: of luma and of both colour differences (ITU-R BT.601), after a
 * quadratic surface was taken away, which is shading. `undefined` where a channel is clipped.
 */
export function measurePatch(pixels, side) {
  const area = side * side;
  const [luma, blue, red] = [new Float64Array(area), new Float64Array(area), new Float64Array(area)];
  const channels = [0, 1, 2].map(() => new Float64Array(area));
  for (let p = 0; p < area; p++) {
    const [r, g, b] = [pixels[3 * p], pixels[3 * p + 1], pixels[3 * p + 2]];
    luma[p] = 0.299 * r + 0.587 * g + 0.114 * b;
    blue[p] = 0.564 * (b - luma[p]);
    red[p] = 0.713 * (r - luma[p]);
    for (const [c, value] of [r, g, b].entries()) channels[c][p] = value;
  }
  const colour = channels.map(meanOf);
  if (Math.min(...colour) < margin || Math.max(...colour) > 255 - margin) return undefined;
  const brightness = meanOf(luma);
  for (const plane of [luma, blue, red, ...channels]) flatten(plane, side);
  const moments = { luma: momentsOf([luma], side), chroma: momentsOf([blue, red], side) };
  const between = (a, b) => product(channels[a], channels[b]);
  return {
    ...{ colour, brightness },
    ...moments,
    channels: {
      rr: between(0, 0),
      gg: between(1, 1),
      bb: between(2, 2),
      rg: between(0, 1),
      gb: between(1, 2),
    },
  };
}

/** What all patches of one picture say together; sums of variances, so that noisy patches say more. */
export function together(patches) {
  const noisy = patches.filter(({ luma }) => Math.sqrt(luma.variance) >= least);
  const sum = (of) => noisy.reduce((total, patch) => total + of(patch), 0);
  const correlation = (plane, direction) =>
    lags.map((_, k) => sum((p) => p[plane][direction][k]) / sum((p) => p[plane].variance));
  const channels = (key) => sum((p) => p.channels[key]);
  const deviation = (from, to) => {
    const inside = patches.filter(({ brightness }) => brightness >= from && brightness < to);
    return inside.length === 0
      ? undefined
      : Math.sqrt(inside.reduce((total, { luma }) => total + luma.variance, 0) / inside.length);
  };
  const common = { dark: deviation(0, 70), middle: deviation(70, 160), light: deviation(160, 256) };
  if (noisy.length < 3) return { ...common, patches: patches.length };
  return {
    ...common,
    patches: patches.length,
    chromaShare: Math.sqrt(sum((p) => p.chroma.variance) / sum((p) => p.luma.variance)),
    luma: { across: correlation('luma', 'across'), down: correlation('luma', 'down') },
    chroma: { across: correlation('chroma', 'across'), down: correlation('chroma', 'down') },
    lumaCoarse: sum((p) => p.luma.coarse) / sum((p) => p.luma.variance),
    chromaCoarse: sum((p) => p.chroma.coarse) / sum((p) => p.chroma.variance),
    redGreen: channels('rg') / Math.sqrt(channels('rr') * channels('gg')),
    greenBlue: channels('gb') / Math.sqrt(channels('gg') * channels('bb')),
  };
}

/**
 * Variance, covariance with the neighbours at each lag, and the variance of means over 8 × 8 pixels times 64, which is the
 * variance again for white noise; means over planes.
 */
function momentsOf(planes, side) {
  const mean = (of) => planes.reduce((total, plane) => total + of(plane), 0) / planes.length;
  return {
    variance: mean((plane) => product(plane, plane)),
    across: lags.map((lag) => mean((plane) => covariance(plane, side, lag, 0))),
    down: lags.map((lag) => mean((plane) => covariance(plane, side, 0, lag))),
    coarse: mean((plane) => coarseVariance(plane, side)),
  };
}

function covariance(plane, side, dx, dy) {
  let sum = 0;
  for (let y = 0; y < side - dy; y++)
    for (let x = 0; x < side - dx; x++) sum += plane[y * side + x] * plane[(y + dy) * side + x + dx];
  return sum / ((side - dx) * (side - dy));
}

function coarseVariance(plane, side) {
  const block = 8;
  const count = Math.floor(side / block);
  let squares = 0;
  for (let by = 0; by < count; by++)
    for (let bx = 0; bx < count; bx++) {
      let sum = 0;
      for (let y = 0; y < block; y++)
        for (let x = 0; x < block; x++) sum += plane[(by * block + y) * side + bx * block + x];
      squares += (sum / block) ** 2; // (sum / 64)² · 64
    }
  return squares / (count * count - 6); // six numbers of the surface were fitted
}

const meanOf = (plane) => plane.reduce((sum, value) => sum + value, 0) / plane.length;
const product = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0) / a.length;

/** Takes the quadratic surface of least squares away, in place; Legendre's polynomials are orthogonal but for rounding. */
function flatten(plane, side) {
  const position = Array.from({ length: side }, (_, i) => (2 * i + 1) / side - 1);
  const squares = position.map((t) => t * t);
  const middle = meanOf(squares);
  const second = squares.map((t) => t - middle);
  const one = position.map(() => 1);
  for (const [across, down] of [
    [one, one],
    [position, one],
    [one, position],
    [position, position],
    [second, one],
    [one, second],
  ]) {
    let [sum, norm] = [0, 0];
    for (let p = 0; p < plane.length; p++) {
      const base = across[p % side] * down[Math.floor(p / side)];
      sum += base * plane[p];
      norm += base * base;
    }
    for (let p = 0; p < plane.length; p++)
      plane[p] -= (sum / norm) * across[p % side] * down[Math.floor(p / side)];
  }
}
