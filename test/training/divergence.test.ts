import { expect, test } from 'vitest';
import { divergenceWatch } from '#src/training/divergence.js';
import { goodState } from '#src/training/good-state.js';

/** At which step, from 1, losses are called a divergence; `undefined` where never. */
function divergesAt(losses: readonly number[], plays = false): number | undefined {
  const watch = divergenceWatch(plays);
  const at = losses.findIndex((loss) => watch.take(loss) === 'diverged');
  return at < 0 ? undefined : at + 1;
}
const repeated = (count: number, loss: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => loss(i));

test.each<readonly [string, readonly number[], number | undefined]>([
  ['a loss that falls', repeated(100, (i) => 0.5 / (1 + i)), undefined],
  ['one that doubles with every step', repeated(40, (i) => 0.5 * 2 ** i), 12],
  ['one that explodes at once', [0.5, 0.5, 4e11], 3],
  ['one that explodes after it had fallen', [...repeated(50, () => 0.02), ...repeated(20, () => 3)], 54],
  ['single odd batches', repeated(100, (i) => (i % 5 === 4 ? 9 : 0.1)), undefined],
  ['black pictures before others', [...repeated(20, () => 0), ...repeated(50, () => 0.4)], undefined],
  ['one of large numbers that stays', repeated(50, (i) => 4000 + 50 * i), undefined],
])('%s', (_, losses, step) => {
  expect(divergesAt(losses)).toBe(step);
});

test('the terms of a game may grow, but not without bound', () => {
  expect(
    divergesAt(
      repeated(100, (i) => i),
      true,
    ),
  ).toBeUndefined();
  expect(divergesAt([1, 1, 1e9], true)).toBe(3);
});

test('a good state is one from before it went wrong', async () => {
  const stateAt = (step: number) => ({ step, seconds: 0, tensors: {} });
  const good = goodState(stateAt(0));
  for (let step = 1; step <= 30; step++) await good.after(step, true, async () => stateAt(step));
  const before = good.state.step;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThanOrEqual(22);
  for (let step = 31; step <= 40; step++) await good.after(step, false, async () => stateAt(step));
  expect(good.state.step).toBe(before);
});
