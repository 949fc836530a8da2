/** Over so many steps a loss is judged, by its median: single batches may be odd. */
const WINDOW = 8;
/** How many times the loss of the first steps later ones may be. */
const [UNEASY, DIVERGED, EXPLODED] = [5, 50, 10_000] as const;
/**
 * First losses count as no less: pictures lie in [0, 1], so that losses of pixels are below 1 whatever a network that works
 * answers, and a first batch may be black.
 */
const LEAST_REFERENCE = 0.02;

/** How a training goes by its losses. */
export type Course = 'well' | 'uneasy' | 'diverged';

/** Watches the losses of a training. */
export interface DivergenceWatch {
  /** Takes the loss of a step, which is finite. */
  take(loss: number): Course;
  /** The median loss of the first steps. */
  readonly first: number;
}

/**
 * Watches for a loss that grows without bound and stays finite: `diverged` where it is some ten thousand times that of the
 * first steps, or fifty times over several steps; `uneasy` from five times on.
 *
 * @param plays whether the loss is that of a game, whose terms may grow: only what is beyond all bounds counts
 *
 * @example
 * const watch = divergenceWatch(false);
 * if (watch.take(loss) === 'diverged') stop();
 */
export function divergenceWatch(plays: boolean): DivergenceWatch {
  const begin: number[] = [];
  const recent: number[] = [];
  const bound = (): number => Math.max(LEAST_REFERENCE, median(begin));
  return {
    get first() {
      return median(begin);
    },
    take(loss) {
      const size = Math.abs(loss);
      const known = begin.length > 0;
      if (known && size > EXPLODED * bound()) return 'diverged';
      if (begin.length < WINDOW && !(known && size > UNEASY * bound())) begin.push(size);
      recent.push(size);
      if (recent.length > WINDOW) recent.shift();
      if (plays) return 'well';
      if (recent.length === WINDOW && median(recent) > DIVERGED * bound()) return 'diverged';
      return size > UNEASY * bound() ? 'uneasy' : 'well';
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
