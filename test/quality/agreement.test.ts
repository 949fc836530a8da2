import { expect, test } from 'vitest';
import { agreement, kendall, logistic, pearson, ranksOf, spearman } from '#src/quality/index.js';
import { createRandom } from '#src/nn/index.js';
import { refusal } from './pictures.js';

/** τ-b by its definition: every pair. */
function directKendall(x: readonly number[], y: readonly number[]): number {
  let [concordant, discordant, tiedX, tiedY] = [0, 0, 0, 0];
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < i; j++) {
      const a = Math.sign((x[i] ?? 0) - (x[j] ?? 0));
      const b = Math.sign((y[i] ?? 0) - (y[j] ?? 0));
      if (a * b > 0) concordant += 1;
      if (a * b < 0) discordant += 1;
      if (a === 0 && b !== 0) tiedX += 1;
      if (b === 0 && a !== 0) tiedY += 1;
    }
  const untied = concordant + discordant;
  return (concordant - discordant) / Math.sqrt((untied + tiedX) * (untied + tiedY));
}

/** Scores and opinions that go together in part; `levels` makes ties. */
function drawn(count: number, levels: number): readonly [number[], number[]] {
  const random = createRandom(5, count);
  const x = Array.from({ length: count }, () => Math.round(levels * random.normal()) / levels);
  const y = x.map((value) => Math.round(levels * (value + random.normal())) / levels);
  return [x, y];
}

test('ranks: the mean of those that are tied', () => {
  expect([...ranksOf([10, 30, 30, 20])]).toEqual([1, 3.5, 3.5, 2]);
  expect([...ranksOf([5, 5, 5])]).toEqual([2, 2, 2]);
});

test('correlations that are published as examples', () => {
  expect(kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452079103173, 14);
  expect(spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.8207826816681233, 14);
  expect(pearson([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 14);
  expect(pearson([1, 1, 1], [2, 4, 6])).toBeNaN();
});

test.each([
  [7, 2],
  [50, 3],
  [200, 1000],
  [333, 4],
])('Kendall’s τ-b of %i pairs is that of its definition', (count, levels) => {
  const [x, y] = drawn(count, levels);
  expect(kendall(x, y)).toBeCloseTo(directKendall(x, y), 12);
  expect(kendall(y, x)).toBeCloseTo(kendall(x, y), 12);
  expect(kendall(x, x)).toBeCloseTo(1, 12);
});

test('the logistic is found again, whichever way it runs and whatever the units', () => {
  for (const [middle, width, better] of [
    [30, 4, 'higher'],
    [5000, 800, 'lower'],
    [0.002, 0.0004, 'lower'],
  ] as const) {
    const parameters = [
      better === 'higher' ? 4.5 : 1.2,
      better === 'higher' ? 1.2 : 4.5,
      middle,
      width,
    ] as const;
    const scores = Array.from({ length: 60 }, (_, i) => middle + width * (i / 8 - 4));
    const opinions = scores.map((score) => logistic(parameters, score));
    const { fit, plcc, srcc, krcc } = agreement(scores, opinions, { better, resamples: 20 });
    parameters.forEach((value, i) => {
      expect(Math.abs(fit[i] ?? Number.NaN) / value).toBeCloseTo(1, 6);
    });
    expect(plcc.value).toBeCloseTo(1, 9);
    expect(srcc.value).toBeCloseTo(1, 12);
    expect(krcc.value).toBeCloseTo(1, 12);
    expect(plcc.low).toBeGreaterThan(0.9999);
  }
});

test('the fit is the best there is: no parameter can be changed for the better', () => {
  const [scores, opinions] = drawn(120, 1000);
  const { fit } = agreement(scores, opinions, { resamples: 0 });
  const error = (parameters: typeof fit): number =>
    scores.reduce((sum, score, i) => sum + (logistic(parameters, score) - (opinions[i] ?? 0)) ** 2, 0);
  for (let i = 0; i < 4; i++)
    for (const factor of [0.999, 1.001]) {
      const [a, b, c, d] = fit.map((value, j) => (j === i ? value * factor : value));
      expect(error([a ?? 0, b ?? 0, c ?? 0, d ?? 0])).toBeGreaterThan(error(fit));
    }
});

test('intervals hold the value, narrow with more pictures, and are drawn alike from one seed', () => {
  const [scores, opinions] = drawn(400, 1000);
  const few = agreement(scores.slice(0, 40), opinions.slice(0, 40), { seed: 3, resamples: 500 });
  const many = agreement(scores, opinions, { seed: 3, resamples: 500 });
  for (const name of ['srcc', 'plcc', 'krcc'] as const) {
    for (const { value, low, high } of [few[name], many[name]]) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
    expect(many[name].high - many[name].low).toBeLessThan(0.5 * (few[name].high - few[name].low));
  }
  // Fisher's interval of a rank correlation, for comparison: ± 1.96 √(1.06/(n − 3)) of the inverse tangent.
  const spread = 1.96 * Math.sqrt(1.06 / 397);
  const expected =
    Math.tanh(Math.atanh(many.srcc.value) + spread) - Math.tanh(Math.atanh(many.srcc.value) - spread);
  expect((many.srcc.high - many.srcc.low) / expected).toBeGreaterThan(0.8);
  expect((many.srcc.high - many.srcc.low) / expected).toBeLessThan(1.25);
  expect(agreement(scores, opinions, { seed: 3, resamples: 500 })).toEqual(many);
  expect(agreement(scores, opinions, { seed: 4, resamples: 500 }).srcc.low).not.toBe(many.srcc.low);
});

test('a measure whose low scores are good agrees as much as its negative', () => {
  const [scores, opinions] = drawn(60, 1000);
  const one = agreement(scores, opinions, { resamples: 0 });
  const other = agreement(
    scores.map((score) => -score),
    opinions,
    { better: 'lower', resamples: 0 },
  );
  expect(other.srcc.value).toBeCloseTo(one.srcc.value, 12);
  expect(other.krcc.value).toBeCloseTo(one.krcc.value, 12);
  expect(other.plcc.value).toBeCloseTo(one.plcc.value, 6);
  expect(one.srcc).toEqual({ value: one.srcc.value, low: one.srcc.value, high: one.srcc.value });
});

test('numbers of which nothing can be said', () => {
  const five = [1, 2, 3, 4, 5];
  expect(refusal(() => agreement([1, 2, 3], [1, 2, 3]))).toContain('at least 5 pictures');
  expect(refusal(() => agreement([1, 1, 1, 1, 1], five))).toContain('the scores are all 1');
  expect(refusal(() => agreement(five, [3, 3, 3, 3, 3]))).toContain('the opinions are all 3');
  expect(refusal(() => agreement([1, 2, Number.NaN, 4, 5], five))).toContain('one of them is NaN');
  expect(() => agreement(five, [1, 2])).toThrow('5 scores and 2 opinions');
  for (const resamples of [-1, 2.5, 1_000_001, Number.NaN])
    expect(refusal(() => agreement(five, five, { resamples }))).toBe(
      `\`resamples\` must be a whole number from 0 to 1000000, got ${resamples}`,
    );
  for (const confidence of [0, 1, 95, Number.NaN])
    expect(refusal(() => agreement(five, five, { confidence }))).toContain('above 0, below 1, got');
});
