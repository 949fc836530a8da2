import type { CallOptions } from '../apply/index.js';
import { callOptions } from '../apply/options.js';
import type { Picture } from '../images/index.js';
import { given, list, type OptionsOf } from '../options/index.js';
import type { ApplyingOptions, UpscaleOptions } from '../restore/index.js';
import { applyingOptions, upscaleOptions } from '../restore/options.js';
import type { MeanScore } from './evaluation.js';
import type { LargePicture, LargePictures } from './find-large-pictures.js';
import type { CheckedPair } from './find-pairs.js';

/** What gets each result as soon as it is there, with the picture that the network made. */
type Listener<Item> = (score: Item & MeanScore, result: Picture) => void | Promise<void>;

/** Who hears of each result. */
const onPicture = <Item>() =>
  given<Listener<Item>>('function', { expected: 'a function', words: 'hears of each result' });

const ofDenoisers = {
  /** Gets each result as soon as it is there, with the picture that the network made. */
  onPicture: onPicture<CheckedPair>(),
  /** What to compare, from `findPairs`. */
  pairs: list(given<CheckedPair>('object', { expected: 'a pair', words: '' }), {
    ...{ expected: 'pairs, as findPairs finds them', words: 'what to compare', required: true },
  }),
};

/** Options of `evaluateDenoiser`. */
export const evaluateDenoiserOptions = { ...applyingOptions, ...callOptions, ...ofDenoisers };

/** Options of {@link evaluateDenoiser}. Those that {@link DenoiseOptions} has too mean the same there. */
export interface EvaluateDenoiserOptions
  extends ApplyingOptions,
    CallOptions,
    OptionsOf<typeof ofDenoisers> {}

const { weights, tile, device, threads } = upscaleOptions;
const enlarging = { weights, tile, device, threads };

const ofUpscalers = {
  /** Gets each result as soon as it is there, with the picture that the network made. */
  onPicture: onPicture<LargePicture>(),
  /** What to compare with, from `findLargePictures`; pictures are enlarged by its scale. */
  on: given<Pick<LargePictures, 'pictures' | 'scale' | 'border'>>('object', {
    expected: 'pictures, as findLargePictures finds them',
    words: 'what to compare with',
    required: true,
  }),
};

/** Options of `evaluateUpscaler`. */
export const evaluateUpscalerOptions = { ...enlarging, ...callOptions, ...ofUpscalers };

/** Options of {@link evaluateUpscaler}. Those that {@link UpscaleOptions} has too mean the same there. */
export interface EvaluateUpscalerOptions
  extends Pick<UpscaleOptions, keyof typeof enlarging>,
    CallOptions,
    OptionsOf<typeof ofUpscalers> {}
