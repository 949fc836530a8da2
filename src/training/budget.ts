import { OptionError } from '../errors.js';
import { present } from '../present.js';

/** How long to train: for some minutes, for some steps, or until whichever comes first. */
export interface Budget {
  readonly minutes?: number | undefined;
  readonly steps?: number | undefined;
}

/** Checks a budget: at least one limit, both positive. */
export function checkBudget({ minutes, steps }: Budget): void {
  if (minutes === undefined && steps === undefined)
    throw new OptionError('training needs a budget: give a number of minutes or of steps');
  if (minutes !== undefined && !(minutes > 0 && Number.isFinite(minutes)))
    throw new OptionError(`the minutes to train must be a positive number, got ${minutes}`);
  if (steps !== undefined && !(Number.isInteger(steps) && steps > 0))
    throw new OptionError(`the steps to train must be a positive whole number, got ${steps}`);
}

/**
 * What was asked for; `otherwise` where nothing was.
 *
 * @throws OptionError for a limit that is none
 *
 * @example
 * budgetOr({}, { steps: 2000 }); // { steps: 2000 }
 */
export function budgetOr({ minutes, steps }: Budget, otherwise: Budget): Budget {
  if (minutes === undefined && steps === undefined) return otherwise;
  const budget = {
    ...present({ minutes, steps }),
  };
  checkBudget(budget);
  return budget;
}

/**
 * The share of the budget that is used, 0…1, after `step` steps and `seconds` seconds of training.
 * Learning rates follow it: by steps it is the same in every run, by minutes it depends on the machine's speed.
 */
export function usedShare({ minutes, steps }: Budget, step: number, seconds: number): number {
  const bySteps = steps === undefined ? 0 : step / steps;
  const byTime = minutes === undefined ? 0 : seconds / (minutes * 60);
  return Math.min(1, Math.max(bySteps, byTime));
}

/** Seconds until the budget is used up, at the speed so far; 0 before the first step is known. */
export function remainingSeconds(budget: Budget, step: number, seconds: number): number {
  const byTime = budget.minutes === undefined ? Number.POSITIVE_INFINITY : budget.minutes * 60 - seconds;
  const bySteps =
    budget.steps === undefined || step === 0
      ? Number.POSITIVE_INFINITY
      : ((budget.steps - step) * seconds) / step;
  const remaining = Math.min(byTime, bySteps);
  return Number.isFinite(remaining) ? Math.max(0, remaining) : 0;
}

/** Steps and seconds of training that are done. */
interface Done {
  readonly step: number;
  readonly seconds: number;
}

/**
 * The budget of a run that goes on: what was asked for in place of the one it had; undefined where nothing was, or the same.
 *
 * @throws OptionError for a limit that is none, or that was passed already
 *
 * @example
 * changedBudget({ steps: 100 }, { steps: 200 }, { step: 100, seconds: 60 }); // { steps: 200 }
 */
export function changedBudget(budget: Budget, asked: Budget, { step, seconds }: Done): Budget | undefined {
  const wanted = budgetOr(asked, budget);
  if (wanted.steps === budget.steps && wanted.minutes === budget.minutes) return undefined;
  if (wanted.steps !== undefined && wanted.steps < step)
    throw new OptionError(
      `\`steps\` ${wanted.steps} counts from the beginning of the run, which has done ${step} steps already; give more`,
    );
  if (wanted.minutes !== undefined && wanted.minutes * 60 < seconds)
    throw new OptionError(
      `\`minutes\` ${wanted.minutes} counts from the beginning of the run, which has trained for ${(seconds / 60).toFixed(1)} minutes already; give more`,
    );
  return wanted;
}

/**
 * A budget in words: "200 steps", "60 minutes", or both.
 *
 * @example
 * budgetWords({ minutes: 60, steps: 200 }); // '60 minutes or 200 steps'
 */
export function budgetWords({ minutes, steps }: Budget): string {
  const limits = [
    ...(minutes === undefined ? [] : [`${minutes} minute${minutes === 1 ? '' : 's'}`]),
    ...(steps === undefined ? [] : [`${steps} step${steps === 1 ? '' : 's'}`]),
  ];
  return limits.join(' or ');
}
