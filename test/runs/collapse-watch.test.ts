import { expect, test } from 'vitest';
import { collapseWatch } from '#src/runs/upscaler/collapse-watch.js';

/** What is said over steps that all have these numbers. */
function said(steps: number, numbers: Readonly<Record<string, number>>, watch = collapseWatch()): string[] {
  return Array.from({ length: steps }, () => watch({ numbers })).flatMap((line) => line ?? []);
}

test('a game in which both sides learn gives no reason to speak', () => {
  expect(said(500, { featureAccuracy: 0.8, promptAccuracy: 0.6, promptSaturation: 0.1 })).toEqual([]);
  expect(said(500, {})).toEqual([]);
});

test('a discriminator that has won is told once, after 200 steps', () => {
  const watch = collapseWatch();
  expect(said(199, { featureAccuracy: 1 }, watch)).toEqual([]);
  const lines = said(300, { featureAccuracy: 1 }, watch);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/feature is right in 100\.0 %.*`discriminatorRate`/);
});

test('and again, when it wins after having lost', () => {
  const watch = collapseWatch();
  expect(said(200, { featureAccuracy: 1 }, watch)).toHaveLength(1);
  expect(said(200, { featureAccuracy: 0.7 }, watch)).toEqual([]);
  expect(said(400, { featureAccuracy: 1 }, watch)).toHaveLength(1);
});

test('a discriminator that guesses, and prompts that are saturated', () => {
  const [line] = said(200, { featureAccuracy: 0.5, promptSaturation: 0.9 });
  expect(line).toMatch(/feature is right in 50\.0 %.*guessing.*`discriminatorRate`.*`featureLayers`/);
  expect(line).toMatch(/90\.0 %.*prompt are saturated.*`promptScale`/);
  expect(said(200, { promptAccuracy: 0.51 })[0]).toMatch(/guessing: raise `promptRate`/);
});
