import type { DeviceOptions, TileOptions } from '../../apply/index.js';
import { deviceOptions, tileOptions } from '../../apply/options.js';
import type { UpscalerWeights } from '../../models/index.js';
import { named, number, type OptionsOf, whole } from '../../options/index.js';
import { countOptions } from '../count-options.js';
import type { Upscalers } from './shipped-upscalers.js';

/** Of three planes of float32, an array holds no more. */
const largestMegapixels = 1400;

const enlarging = {
  /**
   * The weights of a network that enlarges: a file, the folder of a run, `photo` or `faithful`, which the package ships, or what was
   * read from one. Default: `faithful` for clean drawings and screenshots, `photo` for all others;
   * so too where both are given. Noise that is plain is taken away by the general denoiser before `photo` enlarges.
   */
  weights: named<UpscalerWeights | Upscalers>({
    ...{ short: 'w', value: 'WEIGHTS', expected: 'weights, or what names them' },
    words: 'photo, faithful, file, run folder, model name or blend (a=0.7,b=0.3)',
    usual: 'photo or faithful, as measured',
  }),
  /**
   * How much of what the network takes away of a picture (noise, grain, the blocks of JPEG) stays away, 0 to 100; the rest is
   * enlarged by bicubic and given back. Default: 100. Where no weights are named, any value means `photo`. Not for `faithful`, which
   * does not clean: what it loses is given back, so that its result, made small again, is the picture.
   */
  denoise: number({
    ...{ from: 0, to: 100, usual: '100' },
    words: 'how much noise and blocks to remove, 0 to 100',
  }),
  /**
   * How much the edges and the detail of the result are sharpened, without halos: 0 (as the network has it) to 100.
   * Default: 100 for `photo`, 0 for all other weights.
   */
  sharpen: number({
    ...{ from: 0, to: 100, usual: '100 for photo, else 0' },
    words: 'how much to sharpen edges, without halos, 0 to 100',
  }),
  /**
   * 2, 3 or 4, at most what the network does; default: that. Where it is less, the network's result is made smaller by
   * MATLAB's antialiased bicubic.
   */
  scale: whole({ from: 2, to: 4, short: 's', words: '2, 3 or 4', usual: "the network's" }),
  ...tileOptions,
  /** Pictures whose result would have more megapixels are refused; default 300. */
  maxMegapixels: number({
    ...{ above: 0, to: largestMegapixels, unit: 'megapixels', usual: '300' },
    words: 'largest result, in megapixels',
  }),
};

/** Options of `upscale`. */
export const upscaleOptions = { ...enlarging, ...countOptions, ...deviceOptions };

/** Options of {@link upscale}. */
export interface UpscaleOptions
  extends DeviceOptions,
    TileOptions,
    OptionsOf<typeof enlarging>,
    OptionsOf<typeof countOptions> {}
