const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Where the upper tail of the standard normal distribution holds a share of at most one half (Hastings' approximation, error below 5e-4). */
function tailFrom(share: number): number {
  const t = Math.sqrt(-2 * Math.log(share));
  return (
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  );
}

/** So few clipped samples are nothing to learn from. */
const FEW = 0.01;

/** How many times the noise's deviation a place may tell of, and its black still be believed to be noise. */
const LARGEST = 1.5;

/**
 * By how much noise that is cut off at black has made a place brighter: of normal noise that mean and share of black are
 * what a truth and a deviation bring about, which they tell.
 *
 * @param mean of the noisy values, above black
 * @param clipped the share of them that are black
 * @param deviation of the noise. Where the two tell of much more, black is not noise but part of the picture.
 * @returns at least 0
 */
export function clippingBias(mean: number, clipped: number, deviation: number): number {
  if (clipped < FEW || mean <= 0 || deviation <= 0) return 0;
  const share = Math.min(0.5, clipped);
  const distance = tailFrom(share);
  const raised = density(distance) - distance * share;
  const told = mean / (distance + raised);
  const believed = Math.min(1, Math.max(0, (LARGEST * deviation - told) / ((LARGEST - 1) * deviation)));
  return believed * Math.min(deviation, told) * raised;
}
