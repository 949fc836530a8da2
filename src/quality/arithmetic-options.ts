// What the arithmetic of measures is told. `plain.js`: whoever computes a PSNR loads no library of schemas.
import { choice, flag, given, number, type OptionsOf, whole } from '../options/plain.js';

/** Options of `psnr`. */
export const psnrOptions = {
  /**
   * Whether both pictures are first rounded to 8 bits, as the denoising papers' protocol has it; `false`: values are compared as they are,
   * whatever they lie between. Default: to 8 bits, or to 16 where both have 16.
   */
  eightBit: flag({
    words: 'round both pictures to 8 bits first',
    usual: 'to 8 bits, or to 16 where both have 16',
  }),
};

/** Options of {@link psnr}. */
export interface PsnrOptions extends OptionsOf<typeof psnrOptions> {}

/**
 * `gaussian`: a window of 11×11 pixels with σ = 1.5 and population variances, as Wang et al. have it and the denoising papers
 * take it. `uniform`: 7×7 pixels alike and sample variances, the default of scikit-image.
 */
export type SsimWindow = 'gaussian' | 'uniform';

const windows: readonly SsimWindow[] = ['gaussian', 'uniform'];

/** Options of `ssim`. */
export const ssimOptions = {
  /** Default `gaussian`. */
  window: choice(windows, { default: 'gaussian', words: 'the window that is moved over the pictures' }),
  /**
   * Make the pictures smaller first, as the authors' program of 2009 does by itself: by the whole number nearest to a 256th of
   * the shorter side. Default false: no paper on denoising or upscaling does.
   */
  reduce: flag({ default: false, words: "make the pictures smaller first, as the authors' program does" }),
};

/** Options of {@link ssim}. */
export interface SsimOptions extends OptionsOf<typeof ssimOptions> {}

/** Options of `ilNiqe`. */
export const ilNiqeOptions = {
  /** Whether the picture is first brought to 524×524 pixels, as the original does; default true. */
  resize: flag({ default: true, words: 'bring the picture to 524×524 pixels first, as the original does' }),
};

/** Options of {@link ilNiqe}. */
export interface IlNiqeOptions extends OptionsOf<typeof ilNiqeOptions> {}

/** The networks that LPIPS can look through. */
export type LpipsNetwork = 'alex' | 'vgg' | 'squeeze';

/** All of them. */
export const lpipsNetworks: readonly LpipsNetwork[] = ['alex', 'vgg', 'squeeze'];

/** The option of `lpips` that `compare` has not: there the network is part of the measure's name. */
export const lpipsOptions = {
  /** The network that it looks through; default `alex`. */
  network: choice(lpipsNetworks, { default: 'alex', words: 'network that it looks through' }),
};

/** The option of {@link lpips} that others have not. */
export interface LpipsOptions extends OptionsOf<typeof lpipsOptions> {}

/** How sure correlations are. */
export const intervalOptions = {
  /** How often pictures are drawn again for the confidence intervals; default 1000. 0: no intervals, their ends are the value. */
  resamples: whole({ from: 0, to: 1_000_000, default: 1000, words: 'bootstrap draws' }),
  /** Share of the draws that lie inside of the intervals; default 0.95. */
  confidence: number({
    ...{ above: 0, below: 1, value: 'SHARE', default: 0.95 },
    words: 'level of the intervals',
  }),
  /** Of the draws; default 0. */
  seed: whole({ from: 0, default: 0, words: 'seed of the draws' }),
};

/** Options of `agreement`. */
export const agreementOptions = {
  /** Which direction of the scores is good; opinions are good where they are high. Default `higher`. */
  better: choice(['higher', 'lower'], { default: 'higher', words: 'which scores are good' }),
  ...intervalOptions,
};

/** Options of {@link agreement}. */
export interface AgreementOptions extends OptionsOf<typeof agreementOptions> {}

function isRange(value: unknown): boolean {
  if (!Array.isArray(value)) return value === 'own';
  const [low, high] = value;
  return value.length === 2 && typeof low === 'number' && typeof high === 'number' && low < high;
}

/** Options of `heatMap`. */
export const heatMapOptions = {
  /** From 0, the picture alone in grey, to 1, colours alone; default 0.6. */
  opacity: number({
    from: 0,
    to: 1,
    default: 0.6,
    words: 'from the picture alone, in grey, to colours alone',
  }),
  /**
   * The qualities at the ends of the colours; default 0 and 1, which compares between pictures. `own`: the map's least and
   * largest, which shows small differences within one.
   */
  range: given<readonly [number, number] | 'own'>(isRange, {
    ...{ default: [0, 1], expected: 'two numbers that go upwards, or own' },
    words: 'the qualities at the ends of the colours',
  }),
  /**
   * Maps of pictures with a longer side are made that long; default 2048. A map has a place for 8 to 32 pixels at most, and
   * colours of 12 megapixels would only take memory and time.
   */
  longSide: whole({ above: 0, default: 2048, unit: 'pixels', words: 'the longest side of what is drawn' }),
};

/** Options of {@link heatMap}. */
export interface HeatMapOptions extends OptionsOf<typeof heatMapOptions> {}
