import { type Budget, budgetWords } from '../../api/index.js';

/** How long a training takes, as it was asked for: `2 minutes`, `300 steps`. */
export function budgetText(budget: Budget): string {
  const both = budget.minutes !== undefined && budget.steps !== undefined;
  return `${budgetWords(budget)}${both ? ', whichever ends first' : ''}`;
}
