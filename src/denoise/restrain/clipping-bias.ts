/** The upper tail of the standard normal distribution (Zelen and Severo's approximation, error below 1e-7). */
function tail(x: number): number {
  if (x < 0) return 1 - tail(-x);
  const t = 1 / (1 + 0.2316419 * x);
  const sum =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return density(x) * sum;
}

const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** By how much cutting off what lies below 0 raises the mean of noise of deviation 1 around x. */
const raised = (x: number): number => density(x) - x * tail(x);

/**
 * By how much noise that is cut off at black and white has moved a mean: positive where black has made it brighter,
 * negative where white has made it darker.
 *
 * @param mean of the noisy values, `[0, 1]`
 * @param deviation of the noise before it was cut off
 */
export function clippingBias(mean: number, deviation: number): number {
  const nearest = Math.min(mean, 1 - mean);
  if (deviation <= 0 || nearest > 3 * deviation) return 0;
  let truth = mean;
  for (let round = 0; round < 30; round++) {
    const [low, high] = [raised(truth / deviation), raised((1 - truth) / deviation)];
    const next = Math.min(1, Math.max(0, truth + mean - (truth + deviation * (low - high))));
    if (Math.abs(next - truth) < 1e-6) break;
    truth = next;
  }
  return mean - truth;
}
