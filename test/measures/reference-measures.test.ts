import { expect, test } from 'vitest';
import { comparingMeasures, referenceMeasures } from '#src/measures/measures.js';
import { lpipsBackbones, lpipsNetworks } from '#src/quality/index.js';
import { pattern, refusal, withData } from '../quality/pictures.js';

const byPixels = comparingMeasures.filter((measure) => measure.kind === 'pixels');

test('every measure is described, under a name of its own', () => {
  const names = referenceMeasures.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(['psnr', 'ssim', 'ms-ssim', 'lpips-alex', 'dists']));
  for (const { name, needsReference, needs, range, source } of referenceMeasures) {
    expect(name).toMatch(/^[a-z-]+$/);
    expect(needsReference).toBe(true);
    expect(needs.length > 0).toBe(byPixels.every(({ facts }) => facts.name !== name));
    expect(range[0]).toBeLessThan(range[1]);
    expect(source).toMatch(/\w/);
  }
});

test('LPIPS refuses what its networks cannot look at', () => {
  for (const network of lpipsNetworks) {
    const { smallest, title } =
      referenceMeasures.find(({ name }) => name === `lpips-${network}`) ?? expect.fail();
    const { leastSide, title: own } = lpipsBackbones[network];
    expect(smallest).toEqual({ width: leastSide, height: leastSide });
    expect(title).toContain(own);
  }
});

test.each(byPixels)('$facts.name: worse pictures are worse in the direction that it states', (measure) => {
  const { better, range, smallest } = measure.facts;
  const { compare } = measure;
  // As in a photograph, most of the picture is smooth.
  const clean = withData(pattern(200, 180), (_, i) => 0.5 + 0.3 * Math.sin((i % 200) / 9));
  const noisy = (amount: number) =>
    withData(clean, (value, i) => value + amount * (((i * 7919 + (i >> 3) * 31) % 256) / 255 - 0.5));
  const [good, bad] = [compare(noisy(0.1), clean), compare(noisy(0.4), clean)];
  expect(better === 'higher' ? good - bad : bad - good).toBeGreaterThan(0);
  for (const value of [good, bad]) {
    expect(value).toBeGreaterThanOrEqual(range[0]);
    expect(value).toBeLessThanOrEqual(range[1]);
  }
  expect(compare(clean, clean)).toBeCloseTo(better === 'higher' ? range[1] : range[0], 9);
  const least = pattern(smallest.width, smallest.height);
  expect(() => compare(least, least)).not.toThrow();
  if (smallest.width === 1) return;
  const small = pattern(smallest.width - 1, smallest.height);
  expect(refusal(() => compare(small, small))).toContain(
    `at least ${smallest.width}×${smallest.height} pixels`,
  );
});
