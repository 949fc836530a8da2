import { expect, test } from 'vitest';
import { gammaFunction } from '#src/quality/statistics/gamma-function.js';
import { fitAsymmetric, fitSymmetric } from '#src/quality/statistics/generalised-gaussian.js';
import { addProducts, addValues, noMoments } from '#src/quality/statistics/signed-moments.js';
import { fitWeibull } from '#src/quality/il-niqe/weibull.js';

test('the gamma function', () => {
  expect(gammaFunction(0.5) ** 2).toBeCloseTo(Math.PI, 12);
  expect(gammaFunction(5) / 24).toBeCloseTo(1, 14);
  expect(gammaFunction(15) / 87_178_291_200).toBeCloseTo(1, 13);
  expect(gammaFunction(0.1)).toBeCloseTo(9.51350769866873, 11);
});

/** Numbers at even steps of a distribution, so that their moments are nearly its own. */
function quantiles(count: number, inverse: (probability: number) => number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => inverse((i + 0.5) / count));
}

/** Laplace's distribution with another width on either side. */
const laplace = (left: number, right: number) =>
  quantiles(200_000, (p) => {
    const share = left / (left + right);
    return p < share ? left * Math.log(p / share) : -right * Math.log((1 - p) / (1 - share));
  });

test("Laplace's distribution has the shape 1, whatever its widths", () => {
  const moments = noMoments();
  addValues(moments, laplace(1, 1));
  expect(fitSymmetric(moments).shape).toBeCloseTo(1, 2);
  expect(fitSymmetric(moments).variance).toBeCloseTo(2, 2);
  const skewed = noMoments();
  addValues(skewed, laplace(1, 3));
  const fit = fitAsymmetric(skewed);
  expect(fit.shape).toBeCloseTo(1, 2);
  expect(fit.leftDeviation).toBeCloseTo(Math.SQRT2, 2);
  expect(fit.rightDeviation).toBeCloseTo(3 * Math.SQRT2, 2);
});

test('even numbers have the greatest shape, rare large ones the smallest', () => {
  const signs = noMoments();
  addProducts(signs, Float64Array.of(1, -1, 1, -1), Float64Array.of(1, 1, 1, 1));
  expect(fitSymmetric(signs).shape).toBe(10);
  const rare = noMoments();
  addValues(
    rare,
    Float64Array.from({ length: 100_000 }, (_, i) => (i === 0 ? 1 : i === 1 ? -1 : 0)),
  );
  expect(fitSymmetric(rare).shape).toBe(0.2);
});

test('numbers of one sign have no other width, and then the smallest shape', () => {
  const moments = noMoments();
  addValues(moments, Float64Array.of(1, 2));
  const { shape, leftDeviation, rightDeviation } = fitAsymmetric(moments);
  expect([shape, leftDeviation]).toEqual([0.2, Number.NaN]);
  expect(rightDeviation).toBeCloseTo(Math.sqrt(2.5), 12);
});

test.each([
  [0.7, 3],
  [1, 1e-6],
  [2.5, 1e6],
])('a Weibull distribution of shape %d and scale %d', (shape, scale) => {
  const fit = fitWeibull(quantiles(50_000, (p) => scale * (-Math.log(1 - p)) ** (1 / shape)));
  expect(fit.shape / shape).toBeCloseTo(1, 3);
  expect(fit.scale / scale).toBeCloseTo(1, 3);
});

test('the Weibull fit is where the likelihood is greatest', () => {
  const values = Float64Array.of(0.2, 1.5, 0.7, 3.1, 0.05, 2.2);
  const likelihood = (scale: number, shape: number): number =>
    values.reduce(
      (sum, x) => sum + Math.log(shape / scale) + (shape - 1) * Math.log(x / scale) - (x / scale) ** shape,
      0,
    );
  const { scale, shape } = fitWeibull(values);
  const best = likelihood(scale, shape);
  for (const [a, b] of [
    [1.001, 1],
    [0.999, 1],
    [1, 1.001],
    [1, 0.999],
  ] as const)
    expect(likelihood(scale * a, shape * b)).toBeLessThan(best);
  expect(fitWeibull(Float64Array.of(4, 4, 4))).toEqual({ scale: expect.closeTo(4, 12), shape: Infinity });
});
