/** Weibull's distribution of positive numbers. */
export interface Weibull {
  readonly scale: number;
  readonly shape: number;
}

/** Steps of Newton's method; it doubles the digits with each and needs three to six. */
const mostSteps = 50;
/** A step as small as this, relative to the shape, leaves an error of its square. */
const lastStep = 1e-6;

/**
 * The Weibull distribution under which the numbers are most likely, as MATLAB's `wblfit` finds it: with l = ln x, the
 * shape k solves
 *
 *     Σ l eᵏˡ / Σ eᵏˡ − 1/k = mean(l)
 *
 * and the scale is mean(xᵏ)^(1/k). Numbers that are all the same have an infinite shape.
 *
 * @param values positive
 */
export function fitWeibull(values: Float64Array): Weibull {
  const logs = values.map(Math.log);
  const largest = logs.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY);
  let [mean, square] = [0, 0];
  for (let i = 0; i < logs.length; i++) {
    // Relative to the largest number, so that no power overflows.
    const log = (logs[i] ?? 0) - largest;
    logs[i] = log;
    mean += log / logs.length;
    square += (log * log) / logs.length;
  }
  const deviation = Math.sqrt(Math.max(0, square - mean * mean));
  if (!(deviation > 1e-12)) return { scale: Math.exp(largest + mean), shape: Number.POSITIVE_INFINITY };
  // The deviation of the logarithms of a Weibull distribution is π / (√6 k).
  let shape = Math.PI / (Math.sqrt(6) * deviation);
  let power = 0;
  for (let step = 0; step < mostSteps; step++) {
    let [sum, first, second] = [0, 0, 0];
    for (let i = 0; i < logs.length; i++) {
      const log = logs[i] ?? 0;
      const weight = Math.exp(shape * log);
      sum += weight;
      first += weight * log;
      second += weight * log * log;
    }
    const centre = first / sum;
    const excess = centre - 1 / shape - mean;
    const slope = second / sum - centre * centre + 1 / (shape * shape);
    // The excess grows with the shape and bends down: a step that would leave the positive numbers is halved instead.
    const next = Math.max(shape / 2, shape - excess / slope);
    const change = next - shape;
    // The mean power of the next shape: the terms that are left out are smaller than rounding.
    power = (sum + change * first + (change * change * second) / 2) / logs.length;
    const done = Math.abs(change) <= lastStep * shape;
    shape = next;
    if (done) break;
  }
  return { scale: Math.exp(largest) * power ** (1 / shape), shape };
}
