import { callOptions } from '../apply/options.js';
import { choice, flag, number, type OptionsOf, unflagged, whole } from '../options/index.js';
import type { DegradationKind } from '../upscale/index.js';

const kinds = [
  ...(['bicubic', 'real-world', 'photo', 'camera-noise', 'film-grain'] as const),
] as const satisfies readonly DegradationKind[];

/** Options of `degrade`. */
export const degradeOptions = {
  /**
   * `bicubic`: as MATLAB does it. `real-world`: blur, noise and JPEG at random, twice. `photo`: small
   * photographs as they are, more mildly. `camera-noise` and `film-grain`:
   * noise as cameras and film make it, and what is done to pictures afterwards. Default: `bicubic`.
   */
  kind: choice(kinds, {
    ...{ value: 'KIND', default: 'bicubic' },
    words:
      "bicubic: MATLAB's; real-world: as Real-ESRGAN; photo: with camera noise; camera-noise, film-grain: at full size",
  }),
  /** How many times smaller the result is, 2 to 8, and 1 for noise; default 4, for noise 1. */
  scale: whole({
    ...{ from: 1, to: 8, short: 's', usual: '4; 1 for noise' },
    words: 'how many times smaller, 2 to 8',
  }),
  /** How much noise, 0 to 100; for `camera-noise` and `film-grain`. Default: drawn. */
  amount: number({ from: 0, to: 100, words: 'amount of noise, 0 to 100', usual: 'random' }),
  /** The same seed gives the same result; default 0. Has no effect on the bicubic kind. */
  seed: whole({ from: 0, default: 0, words: 'same seed, same result' }),
  /** Which of several pictures of one seed this is: each is degraded in its own way; default 0. */
  index: unflagged(whole({ from: 0, default: 0, words: 'which of several pictures of one seed this is' })),
  /** Sharpen the picture first, as Real-ESRGAN's training does; default false. */
  sharpen: flag({ default: false, words: 'sharpen first, as real-world training does' }),
  /** Stops between two parts of the work. */
  signal: callOptions.signal,
};

/** Options of {@link degrade}. */
export type DegradeOptions = OptionsOf<typeof degradeOptions>;
