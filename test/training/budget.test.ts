import { expect, test } from 'vitest';
import { remainingSeconds, usedShare } from '#src/training/index.js';

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
