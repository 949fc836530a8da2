import { describe, expect, test } from 'vitest';
import { type Budget, type Moment, usedShare, validationCadence } from '#src/training/index.js';

const begin: Moment = { step: 0, seconds: 0, share: 0 };

/** The steps of a whole training that are measured, each step taking a second and each validation `took`. */
function measured(budget: Budget, every?: number, took = 0): number[] {
  const cadence = validationCadence(budget, every, begin);
  const steps: number[] = [];
  for (let step = 1; ; step++) {
    const moment = { step, seconds: step, share: usedShare(budget, step, step) };
    if (cadence.due(moment)) {
      steps.push(step);
      cadence.done(moment, took);
    }
    if (moment.share >= 1) return steps;
  }
}

describe('a training is measured', () => {
  test('as often as was asked for, and at its end', () => {
    expect(measured({ steps: 10 }, 4)).toEqual([4, 8, 10]);
    expect(measured({ minutes: 0.2 }, 5)).toEqual([5, 10, 12]);
  });

  test('about twenty times by steps, whatever the clock says', () => {
    const steps = measured({ steps: 20_000 }, undefined, 1e6);
    expect(steps.length).toBe(20);
    expect(steps.slice(0, 2)).toEqual([1000, 2000]);
    expect(measured({ steps: 120 })).toEqual([50, 100, 120]);
    expect(measured({ steps: 3 })).toEqual([3]);
  });

  test('about twenty times by minutes, but with most of the time for training', () => {
    expect(measured({ minutes: 100 }).length).toBe(20);
    expect(measured({ minutes: 100 })[0]).toBe(300);
    const slow = measured({ minutes: 100 }, undefined, 300);
    expect(slow.length).toBe(6);
    for (const [i, step] of slow.slice(1, -1).entries())
      expect(step - (slow[i] ?? 0)).toBeGreaterThanOrEqual(1200);
    expect(slow.at(-1)).toBe(6000);
  });
});
