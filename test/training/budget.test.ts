import { expect, test } from 'vitest';
import { changedBudget, remainingSeconds, usedShare } from '#src/training/index.js';

test('the used share is that of the limit that comes first', () => {
  expect(usedShare({ steps: 100 }, 25, 1e9)).toBe(0.25);
  expect(usedShare({ minutes: 2 }, 1e9, 30)).toBe(0.25);
  expect(usedShare({ minutes: 2, steps: 100 }, 50, 30)).toBe(0.5);
  expect(usedShare({ minutes: 2, steps: 100 }, 10, 90)).toBe(0.75);
  expect(usedShare({ steps: 100 }, 101, 0)).toBe(1);
});

test('the seconds that remain follow from the speed so far, or from the clock', () => {
  expect(remainingSeconds({ steps: 100 }, 25, 50)).toBe(150);
  expect(remainingSeconds({ minutes: 2 }, 3, 50)).toBe(70);
  expect(remainingSeconds({ minutes: 2, steps: 100 }, 25, 50)).toBe(70);
  expect(remainingSeconds({ minutes: 20, steps: 100 }, 25, 50)).toBe(150);
  expect(remainingSeconds({ minutes: 1 }, 3, 90)).toBe(0);
  expect(remainingSeconds({ steps: 100 }, 0, 0)).toBe(0);
});

test('a run that goes on takes what it is given in place of its budget', () => {
  const done = { step: 100, seconds: 90 };
  expect(changedBudget({ steps: 100 }, {}, done)).toBeUndefined();
  expect(changedBudget({ steps: 100 }, { steps: 100 }, done)).toBeUndefined();
  expect(changedBudget({ steps: 100 }, { steps: 200 }, done)).toEqual({ steps: 200 });
  expect(changedBudget({ steps: 400 }, { steps: 200 }, done)).toEqual({ steps: 200 });
  expect(changedBudget({ minutes: 1 }, { steps: 200, minutes: 3 }, done)).toEqual({ steps: 200, minutes: 3 });
  expect(() => changedBudget({ steps: 200 }, { steps: 99 }, done)).toThrow(/has done 100 steps already/);
  expect(() => changedBudget({ minutes: 2 }, { minutes: 1 }, done)).toThrow(/for 1\.5 minutes already/);
});
