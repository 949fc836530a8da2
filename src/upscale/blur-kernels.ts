/** A square of weights with the sum 1, row by row; its side is odd. */
export interface BlurKernel {
  readonly size: number;
  /** `[size, size]` */
  readonly weights: Float64Array;
}

/** An ellipse: its standard deviations along its own axes, in pixels, and how far these are turned, in radians. */
export interface Ellipse {
  readonly sigmaX: number;
  readonly sigmaY: number;
  readonly angle: number;
}

/**
 * exp(−½ q), q being the squared distance from the centre in units of the ellipse's standard deviations (the
 * quadratic form xᵀ Σ⁻¹ x). Isotropic where both deviations are equal. Real-ESRGAN (arXiv 2107.10833), section 3.1.
 *
 * @throws RangeError if the size is even or a deviation is not above 0
 *
 * @example
 * gaussianKernel(21, { sigmaX: 2, sigmaY: 2, angle: 0 });
 */
export function gaussianKernel(size: number, ellipse: Ellipse): BlurKernel {
  return ellipticKernel(size, ellipse, (q) => Math.exp(-q / 2));
}

/** exp(−½ q^β): flatter than a Gaussian for β > 1, sharper for β < 1. Real-ESRGAN, section 3.1. */
export function generalisedGaussianKernel(size: number, ellipse: Ellipse, beta: number): BlurKernel {
  return ellipticKernel(size, ellipse, (q) => Math.exp(-(q ** beta) / 2));
}

/** 1 / (1 + q^β): a plateau with an edge that is the steeper the larger β. Real-ESRGAN, section 3.1. */
export function plateauKernel(size: number, ellipse: Ellipse, beta: number): BlurKernel {
  return ellipticKernel(size, ellipse, (q) => 1 / (1 + q ** beta));
}

/**
 * The ideal low-pass filter that keeps what oscillates slower than the cut-off in every direction, cut off at the
 * kernel's border, which makes it ring: ω J₁(ω r) / (2π r), J₁ being the Bessel function of the first kind.
 * Real-ESRGAN, section 3.3.
 *
 * @param cutOff ω in radians a pixel, at most π
 * @throws RangeError if the size is even
 */
export function sincKernel(size: number, cutOff: number): BlurKernel {
  return kernelOf(size, (x, y) => {
    const r = Math.hypot(x, y);
    return r === 0 ? cutOff ** 2 / (4 * Math.PI) : (cutOff * besselJ1(cutOff * r)) / (2 * Math.PI * r);
  });
}

function ellipticKernel(
  size: number,
  { sigmaX, sigmaY, angle }: Ellipse,
  profile: (q: number) => number,
): BlurKernel {
  if (!(sigmaX > 0 && sigmaY > 0)) throw new RangeError('a standard deviation must be above 0');
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return kernelOf(size, (x, y) =>
    profile(((x * cos + y * sin) / sigmaX) ** 2 + ((y * cos - x * sin) / sigmaY) ** 2),
  );
}

function kernelOf(size: number, at: (x: number, y: number) => number): BlurKernel {
  if (!(Number.isSafeInteger(size) && size % 2 === 1))
    throw new RangeError(`${size} is no odd size of a kernel`);
  const radius = (size - 1) / 2;
  const weights = Float64Array.from({ length: size * size }, (_, i) =>
    at((i % size) - radius, Math.floor(i / size) - radius),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { size, weights: weights.map((weight) => weight / sum) };
}

const besselPoints = 128;
const sines = Float64Array.from({ length: besselPoints }, (_, k) =>
  Math.sin((2 * Math.PI * k) / besselPoints),
);

/**
 * J₁(x) = (1/2π) ∫ cos(τ − x sin τ) dτ over a whole period. The mean over evenly spaced points is exact but for
 * J₁₂₇(x), which is nothing for the arguments of kernels (x < 60).
 */
function besselJ1(x: number): number {
  let sum = 0;
  for (let k = 0; k < besselPoints; k++)
    sum += Math.cos((2 * Math.PI * k) / besselPoints - x * (sines[k] ?? 0));
  return sum / besselPoints;
}
