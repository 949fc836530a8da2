import { flag, named, number, type OptionsOf, text, whole } from '../options/index.js';
import type { LearntWeights as DenoiserWeights } from '../networks/index.js';

/** How weights are named wherever they are, for people. */
export const weightsNaming = 'file, run folder, model name or blend (a=0.7,b=0.3)';

/** A year is more than anyone waits. */
const yearInMinutes = 366 * 24 * 60;

/** How long learning takes, and the seed of what it draws. */
export const budgetOptions = {
  /** Train for so many minutes. */
  minutes: number({ above: 0, to: yearInMinutes, unit: 'minutes', words: 'how long to learn' }),
  /** Train for so many steps. With `minutes` too, whichever ends first. */
  steps: whole({ from: 1, words: 'how many steps' }),
  /** Any whole number; the same one draws the same patches and permutations. Default 0. */
  seed: whole({ from: 0, default: 0, words: 'same seed, same result' }),
};

const choosing = {
  /** Default `sdap`. */
  method: text({ value: 'NAME', words: 'denoising method; see revela methods' }),
  /** Default: that of the method. */
  network: text({ value: 'NAME', words: 'network', usual: 'that of the method' }),
  /** Channels of the pictures of a new network: 3 for colour, the default, or 1 for grey. */
  channels: whole({ from: 1, to: 3, words: 'new network: 3, or 1 for grey', usual: '3' }),
  /** Channels of the network, even; default 32. */
  baseChannels: whole({ from: 2, to: 512, words: 'new network: width', usual: 'its own' }),
  /** Dilated modules in each branch; default 3. */
  modules: whole({ from: 1, to: 32, words: 'new network: depth', usual: 'its own' }),
  /** Side of the patches, in pixels, in all stages: a multiple of 5 for SDAP. Default: by the preset. */
  patch: whole({ from: 1, to: 2000, unit: 'pixels', value: 'PIXELS', words: 'side of the patches' }),
  /** Patches a step, in all stages. Default: by the preset. */
  batch: whole({ from: 1, to: 256, words: 'patches per step' }),
  /** Highest learning rate; stages with a lower one keep their proportion to it. Default: by the preset. */
  learningRate: number({ above: 0, to: 1, value: 'RATE', words: 'initial learning rate' }),
};

/** What learning a denoiser can be told. */
export const learningOptions = { ...budgetOptions, ...choosing };

/** What learning a denoiser can be told. Every field has a default. */
export interface LearningOptions extends OptionsOf<typeof budgetOptions>, OptionsOf<typeof choosing> {}

const starting = {
  /**
   * Start from these weights: a file, the folder of a run, `general` or `self-supervised`, which the package ships, or a
   * denoiser. Default: `general`, and `self-supervised` where a `method` is named.
   */
  weights: named<DenoiserWeights>({
    ...{ short: 'w', value: 'WEIGHTS', expected: 'weights, or what names them' },
    words: `general, self-supervised, ${weightsNaming}`,
    usual: 'general',
  }),
  /**
   * Train on the given pictures first. Default: where anything is said about learning (`minutes`, `steps`, `method` …), and
   * with weights of one's own that were learnt from noisy pictures.
   */
  adapt: flag({
    words: 'learn from the pictures first',
    usual: 'where it is said how long',
    off: 'only apply the weights',
  }),
  /** Start from fresh weights instead of trained ones. */
  fromScratch: flag({ words: 'learn with a new network' }),
};

/** What decides where denoising starts from, and whether it learns. */
export const startOptions = { ...learningOptions, ...starting };

/** What decides where denoising starts from, and whether it learns. */
export interface StartOptions extends LearningOptions, OptionsOf<typeof starting> {}
