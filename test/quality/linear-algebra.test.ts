import { expect, test } from 'vitest';
import { distanceUnder, fitGaussian } from '#src/quality/statistics/gaussian-model.js';
import { symmetricEigen } from '#src/quality/statistics/symmetric-eigen.js';
import { createRandom } from '#src/random.js';

function randomSymmetric(size: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = random.uniform() - 0.5;
  return matrix;
}

test.each([1, 2, 3, 40])('eigenvalues and eigenvectors of a matrix of size %i', (size) => {
  const matrix = randomSymmetric(size, size);
  const { values, vectors } = symmetricEigen(matrix, size);
  for (let k = 0; k < size; k++) {
    const vector = vectors.subarray(k * size, (k + 1) * size);
    for (let other = 0; other <= k; other++) {
      const product = vector.reduce((sum, value, i) => sum + value * (vectors[other * size + i] ?? 0), 0);
      expect(product).toBeCloseTo(other === k ? 1 : 0, 12);
    }
    for (let i = 0; i < size; i++) {
      const image = vector.reduce((sum, value, j) => sum + value * (matrix[i * size + j] ?? 0), 0);
      expect(image).toBeCloseTo((values[k] ?? 0) * (vector[i] ?? 0), 12);
    }
    if (k > 0) expect(values[k - 1]).toBeGreaterThanOrEqual(values[k] ?? Number.NaN);
  }
});

test('a matrix of low rank, as the covariance of few rows is', () => {
  const size = 60;
  const random = createRandom(5);
  const rows = Array.from({ length: 12 }, (_, k) =>
    Float64Array.from({ length: size }, () => 10 ** (k % 5) * (random.uniform() - 0.5)),
  );
  const { covariance } = fitGaussian(rows);
  const { values, vectors } = symmetricEigen(covariance, size);
  expect(Math.abs(values[11] ?? 0)).toBeLessThan(1e-12 * (values[0] ?? 0));
  const trace = covariance.reduce((sum, value, i) => (i % (size + 1) === 0 ? sum + value : sum), 0);
  expect(values.reduce((sum, value) => sum + value, 0) / trace).toBeCloseTo(1, 12);
  const first = vectors.subarray(0, size);
  const along = covariance
    .subarray(0, size)
    .reduce((sum, value, i) => sum + value * (first[i] ?? Number.NaN), 0);
  expect(along / ((values[0] ?? 0) * (first[0] ?? 0))).toBeCloseTo(1, 9);
});

test('equal eigenvalues, none, and a diagonal', () => {
  expect(symmetricEigen(new Float64Array(9), 3).values).toEqual(new Float64Array(3));
  const identity = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  expect(symmetricEigen(identity, 3).values).toEqual(Float64Array.of(1, 1, 1));
  expect([...symmetricEigen(Float64Array.of(2, 0, 0, 5), 2).values]).toEqual([5, 2]);
  expect(() => symmetricEigen(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).toThrow(RangeError);
});

test('mean and covariance leave out what is not a number as nanmean and nancov do', () => {
  const rows = [
    [1, 2],
    [3, 8],
    [Number.NaN, 5],
    [5, 2],
  ].map((row) => Float64Array.from(row));
  const { mean, covariance, complete } = fitGaussian(rows);
  expect([...mean]).toEqual([3, 4.25]);
  expect(complete).toBe(3);
  // Of the complete rows alone: means 3 and 4.
  expect([...covariance]).toEqual([4, 0, 0, 12]);
});

test('the distance under the mean of two covariances', () => {
  const one = { mean: Float64Array.of(0, 0), covariance: Float64Array.of(2, 0, 0, 6) };
  const other = { mean: Float64Array.of(0, 0), covariance: Float64Array.of(6, 0, 0, 2) };
  expect(distanceUnder(one, other)(Float64Array.of(3, 4), Float64Array.of(1, 0))).toBeCloseTo(
    Math.sqrt(5),
    12,
  );
  // A direction without any spread does not count: the pseudo-inverse has 0 there.
  const flat = { mean: Float64Array.of(0, 0), covariance: Float64Array.of(4, 0, 0, 0) };
  expect(distanceUnder(flat, flat)(Float64Array.of(2, 9), Float64Array.of(0, 0))).toBeCloseTo(1, 12);
});

test('a share that is a little negative, as rounding leaves it, counts by its size, and one within the rounding not', () => {
  const under = (share: number): number => {
    const model = { mean: Float64Array.of(0, 0), covariance: Float64Array.of(4, 0, 0, share) };
    return distanceUnder(model, model)(Float64Array.of(2, 1e-4), Float64Array.of(0, 0));
  };
  expect(under(-1e-8)).toBeCloseTo(Math.sqrt(1 + 1), 9);
  expect(under(-1e-16)).toBeCloseTo(1, 12);
});
