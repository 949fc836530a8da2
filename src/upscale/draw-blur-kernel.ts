import type { Random } from '../random.js';
import {
  type BlurKernel,
  type Ellipse,
  gaussianKernel,
  generalisedGaussianKernel,
  plateauKernel,
  sincKernel,
} from './blur-kernels.js';
import { between, happens, keyByWeight, oneOf, type Range } from '../noise/index.js';

/** The six families of blur kernels. */
export type BlurFamily =
  | 'isotropic'
  | 'anisotropic'
  | 'generalisedIsotropic'
  | 'generalisedAnisotropic'
  | 'plateauIsotropic'
  | 'plateauAnisotropic';

/** What blur kernels are drawn from. */
export interface BlurSettings {
  /** Odd sides, all alike likely. */
  readonly sizes: readonly [number, ...number[]];
  /** How likely a sinc kernel is instead of one of the families. */
  readonly sincProbability: number;
  readonly families: Readonly<Record<BlurFamily, number>>;
  /** Standard deviations, in pixels. */
  readonly sigma: Range;
  /** Exponents of the generalised Gaussians; must include 1. */
  readonly generalisedBeta: Range;
  /** Exponents of the plateaus; must include 1. */
  readonly plateauBeta: Range;
}

/** Draws a kernel as Real-ESRGAN does. */
export function drawBlurKernel(random: Random, settings: BlurSettings): BlurKernel {
  const size = oneOf(random, settings.sizes);
  if (happens(random, settings.sincProbability))
    // Small kernels cannot hold the slow oscillations of a low cut-off.
    return sincKernel(size, between(random, [Math.PI / (size < 13 ? 3 : 5), Math.PI]));
  switch (keyByWeight(random, settings.families)) {
    case 'isotropic':
      return gaussianKernel(size, circle(random, settings));
    case 'anisotropic':
      return gaussianKernel(size, ellipse(random, settings));
    case 'generalisedIsotropic':
      return generalisedGaussianKernel(
        size,
        circle(random, settings),
        exponent(random, settings.generalisedBeta),
      );
    case 'generalisedAnisotropic':
      return generalisedGaussianKernel(
        size,
        ellipse(random, settings),
        exponent(random, settings.generalisedBeta),
      );
    case 'plateauIsotropic':
      return plateauKernel(size, circle(random, settings), exponent(random, settings.plateauBeta));
    case 'plateauAnisotropic':
      return plateauKernel(size, ellipse(random, settings), exponent(random, settings.plateauBeta));
  }
}

/** Draws the sinc kernel that ends the degradation. */
export function drawFinalSinc(random: Random, sizes: BlurSettings['sizes']): BlurKernel {
  return sincKernel(oneOf(random, sizes), between(random, [Math.PI / 3, Math.PI]));
}

function circle(random: Random, { sigma }: BlurSettings): Ellipse {
  const deviation = between(random, sigma);
  return { sigmaX: deviation, sigmaY: deviation, angle: 0 };
}

function ellipse(random: Random, { sigma }: BlurSettings): Ellipse {
  return {
    sigmaX: between(random, sigma),
    sigmaY: between(random, sigma),
    angle: between(random, [-Math.PI, Math.PI]),
  };
}

/** Below and above 1 with the same probability, uniform in each part. */
function exponent(random: Random, [least, most]: Range): number {
  return between(random, happens(random, 0.5) ? [least, 1] : [1, most]);
}
