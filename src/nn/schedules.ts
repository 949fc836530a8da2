/** The learning rate as a function of progress: of the step (from 0) and of the share of the budget that is used, 0…1. */
export type Schedule = (step: number, progress: number) => number;

/** The same rate throughout. */
export function constantSchedule(rate: number): Schedule {
  return () => rate;
}

/** The rate times `factor` each time another `every` steps are done. */
export function stepSchedule(rate: number, every: number, factor: number): Schedule {
  return (step) => rate * factor ** Math.floor(step / every);
}

/** A schedule after a linear rise over `steps` steps: times (step + 1) / steps until that is 1. */
export function warmedUp(schedule: Schedule, steps: number): Schedule {
  return (step, progress) => schedule(step, progress) * (steps === 0 ? 1 : Math.min(1, (step + 1) / steps));
}

/**
 * Half a cosine from `rate` down to `floor · rate` at the end of the budget, after a linear rise over
 * `warmUp` steps.
 *
 * @example
 * cosineSchedule(1e-3, { floor: 0.02 })(0, 0.5); // 5.1e-4
 */
export function cosineSchedule(
  rate: number,
  options: { readonly floor?: number; readonly warmUp?: number } = {},
): Schedule {
  const { floor = 0, warmUp = 0 } = options;
  return (step, progress) => {
    const rise = warmUp === 0 ? 1 : Math.min(1, (step + 1) / warmUp);
    const fall = floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, progress))));
    return rate * rise * fall;
  };
}
