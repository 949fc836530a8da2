import type { Budget } from './budget.js';
import type { Moment } from './loop.js';

/** How often a training is measured, where nobody says: so many times, but not more often than after so many steps. */
const validations = 20;
const fewestSteps = 50;

/** With a budget of minutes: training takes at least so many times as long as the validation before it. */
const patience = 4;

/** When to measure. The end of the budget is always one of the moments. */
export interface Cadence {
  due(moment: Moment): boolean;
  /** Says that a validation was done, and how long it took. */
  done(moment: Moment, seconds: number): void;
}

/**
 * Every `every` steps; where that is not said, about twenty times, at least 50 steps apart. With a budget of steps alone
 * the moments depend on nothing but the step, so that a run and its repetition are measured alike. With a budget of
 * minutes they follow the clock, and no more than a fifth of the whole time goes into measuring.
 *
 * @param start where the training begins or goes on
 */
export function validationCadence(budget: Budget, every: number | undefined, start: Moment): Cadence {
  const { minutes, steps } = budget;
  const bySteps =
    every ??
    (steps !== undefined && minutes === undefined
      ? Math.max(fewestSteps, Math.ceil(steps / validations))
      : undefined);
  if (bySteps !== undefined)
    return {
      due: ({ step, before = step - 1, share }) =>
        Math.floor(step / bySteps) > Math.floor(before / bySteps) || share >= 1,
      done: () => {},
    };
  let last = start;
  let took = 0;
  const part = ({ share }: Moment): number => Math.floor(share * validations);
  return {
    due: (moment) =>
      moment.share >= 1 ||
      (part(moment) > part(last) &&
        moment.step - last.step >= fewestSteps &&
        moment.seconds - last.seconds >= patience * took),
    done(moment, seconds) {
      last = moment;
      took = seconds;
    },
  };
}
