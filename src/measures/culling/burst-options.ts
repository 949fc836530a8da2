/** Options of `findBursts`. */
export interface BurstOptions {
  /** Seconds that may lie between a picture of a burst and the next one; default 10. */
  readonly gap?: number;
  /**
   * How alike a picture must be to the one before it, from 0 (all are) to 1 (none is that differs in more than brightness and
   * contrast); default 0.8.
   */
  readonly likeness?: number;
  readonly signal?: AbortSignal;
}

/** The usual values of {@link BurstOptions}. */
export const burstDefaults = { gap: 10, likeness: 0.8 } as const;
