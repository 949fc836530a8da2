import { given, number, type OptionsOf } from '../../options/index.js';

/** Options of `findBursts`. */
export const burstOptions = {
  /** Seconds that may lie between a picture of a burst and the next one; default 10. */
  gap: number({
    ...{ from: 0, unit: 'seconds', value: 'SECONDS', default: 10 },
    words: 'longest time between two pictures',
  }),
  /**
   * How alike a picture must be to the one before it, from 0 (all are) to 1 (none is that differs in more than brightness and
   * contrast); default 0.8.
   */
  likeness: number({ from: 0, to: 1, default: 0.8, words: 'how alike they must be, 0 to 1' }),
  /** Stops the work. */
  signal: given<AbortSignal>('object', { expected: 'a signal', words: 'stops the work' }),
};

/** Options of `findBursts`. */
export interface BurstOptions extends OptionsOf<typeof burstOptions> {}
