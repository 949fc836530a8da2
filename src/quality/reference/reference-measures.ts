import type { PlanarPicture } from '../eight-bit.js';
import { DISTS_LEAST_SIDE } from './dists.js';
import { lpipsBackbones, type LpipsNetwork, lpipsNetworks } from './lpips.js';
import { lumaOf } from '../luma.js';
import type { QualityMeasure } from '../measure.js';
import { MS_SSIM_LEAST_SIDE, msSsim } from './ms-ssim.js';
import { psnr } from './psnr.js';
import { ssim } from './ssim.js';

/** A measure of two pictures by their pixels: it needs nothing else. */
export interface PixelMeasure extends QualityMeasure {
  readonly looksAt: 'pixels';
  /**
   * @throws RevelaError if the pictures differ in size, are too small, or hold a value that is not a number
   */
  compare(a: PlanarPicture, b: PlanarPicture): number;
}

/** A measure of two pictures by the features of a network, whose weights it needs. */
export interface FeatureMeasure extends QualityMeasure {
  readonly looksAt: 'features';
  /** Which one: a network of LPIPS, or DISTS. */
  readonly distance: LpipsNetwork | 'dists';
}

/** A measure that compares a picture with a reference. */
export type ReferenceMeasure = PixelMeasure | FeatureMeasure;

const other = 'pictures of different sizes';

const square = (side: number): QualityMeasure['smallest'] => ({ width: side, height: side });

const pixels = { looksAt: 'pixels', needsReference: true, needs: [], refuses: other } as const;
const psnrs = {
  ...pixels,
  better: 'higher',
  range: [0, Number.POSITIVE_INFINITY],
  usual: [20, 50],
  smallest: square(1),
} as const;
const ssims = { ...pixels, better: 'higher', range: [-1, 1], usual: [0, 1] } as const;

const wang = 'Wang, Bovik, Sheikh, Simoncelli, IEEE TIP 2004';

const pixelMeasures: readonly PixelMeasure[] = [
  {
    ...psnrs,
    name: 'psnr',
    title: 'PSNR',
    summary: 'peak signal-to-noise ratio over red, green and blue together, in decibels',
    source: 'the protocol of the denoising papers',
    compare: (a, b) => psnr(a, b),
  },
  {
    ...psnrs,
    name: 'psnr-y',
    title: 'PSNR-Y',
    summary: 'PSNR of the luma of BT.601, in decibels',
    source: 'the protocol of the papers on upscaling',
    compare: (a, b) => psnr(lumaOf(a), lumaOf(b)),
  },
  {
    ...ssims,
    name: 'ssim',
    title: 'SSIM',
    summary: 'structural similarity by a Gaussian window of 11×11 pixels, the mean of red, green and blue',
    smallest: square(11),
    source: `${wang}; as the denoising papers take it`,
    compare: (a, b) => ssim(a, b),
  },
  {
    ...ssims,
    name: 'ssim-y',
    title: 'SSIM-Y',
    summary: 'SSIM of the luma of BT.601',
    smallest: square(11),
    source: `${wang}; as the papers on upscaling take it`,
    compare: (a, b) => ssim(lumaOf(a), lumaOf(b)),
  },
  {
    ...ssims,
    name: 'ssim-uniform',
    title: 'SSIM, 7×7',
    summary: 'SSIM by 7×7 pixels that count alike, with sample variances, the mean of red, green and blue',
    smallest: square(7),
    source: `${wang}; as scikit-image computes it by default`,
    compare: (a, b) => ssim(a, b, { window: 'uniform' }),
  },
  {
    ...ssims,
    name: 'ssim-reduced',
    title: 'SSIM, reduced',
    summary: 'SSIM after making the pictures smaller to about 256 pixels, the mean of red, green and blue',
    smallest: square(11),
    source: `${wang}; the authors' program of 2009`,
    compare: (a, b) => ssim(a, b, { reduce: true }),
  },
  {
    ...ssims,
    range: [0, 1],
    name: 'ms-ssim',
    title: 'MS-SSIM',
    summary: 'structural similarity at five scales, the mean of red, green and blue',
    smallest: square(MS_SSIM_LEAST_SIDE),
    source: 'Wang, Simoncelli, Bovik, Asilomar 2003',
    compare: msSsim,
  },
];

const features = { looksAt: 'features', better: 'lower', needsReference: true, refuses: other } as const;

const featureMeasures: readonly FeatureMeasure[] = [
  ...lpipsNetworks.map(
    (network): FeatureMeasure => ({
      ...features,
      name: `lpips-${network}`,
      title: `LPIPS (${lpipsBackbones[network].title})`,
      summary: `learned perceptual image patch similarity 0.1, by features of ${lpipsBackbones[network].title}`,
      range: [0, Number.POSITIVE_INFINITY],
      usual: [0, 1],
      smallest: square(lpipsBackbones[network].leastSide),
      needs: ["LPIPS's heads", `torchvision's ${lpipsBackbones[network].title}`],
      source: 'Zhang, Isola, Efros, Shechtman, Wang, CVPR 2018; program of version 0.1',
      distance: network,
    }),
  ),
  {
    ...features,
    name: 'dists',
    title: 'DISTS',
    summary: 'deep image structure and texture similarity, by features of VGG16',
    range: [0, 2],
    usual: [0, 0.6],
    smallest: square(DISTS_LEAST_SIDE),
    needs: ["DISTS's weights", "torchvision's VGG16"],
    source: 'Ding, Ma, Wang, Simoncelli, TPAMI 2020; at full size',
    distance: 'dists',
  },
];

/** The measures that compare with a reference. */
export const referenceMeasures: readonly ReferenceMeasure[] = [...pixelMeasures, ...featureMeasures];

/**
 * What a measure of pixels says of two pictures; a function of its own, so that another thread can be asked.
 *
 * @throws RevelaError as the measure does
 */
export function comparedByPixels(name: string, a: PlanarPicture, b: PlanarPicture): number {
  const measure = pixelMeasures.find((one) => one.name === name);
  if (measure === undefined) throw new RangeError(`no measure of pixels is called ${name}`);
  return measure.compare(a, b);
}
