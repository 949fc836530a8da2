import type { Planes } from '#src/pixels/index.js';
import { expect, test } from 'vitest';
import { msSsim } from '#src/quality/index.js';
import { pattern, refusal, withData } from './pictures.js';

/** Slanted bands of whole numbers, and the same with noise: another program can have them exactly. */
function bands(width: number, height: number, channels: number): readonly [Planes, Planes] {
  const clean = new Float32Array(channels * height * width);
  const noisy = new Float32Array(clean.length);
  for (let i = 0; i < clean.length; i++) {
    const [channel, place] = [Math.floor(i / (width * height)), i % (width * height)];
    const [x, y] = [place % width, Math.floor(place / width)];
    const value = (3 * x + 2 * y + ((x * y) >> 5) + 40 * channel) % 256;
    clean[i] = value / 255;
    noisy[i] = Math.min(255, Math.max(0, value + ((i * 7919 + (i >> 3) * 31) % 41) - 20)) / 255;
  }
  const size = { width, height, channels };
  return [
    { ...size, data: clean },
    { ...size, data: noisy },
  ];
}

/** The same in NumPy, in double precision, by the definition: 121 weights at each position, filters as MATLAB's `imfilter` has them. */
test.each([
  [161, 161, 1, 0.9813444700637147],
  [200, 177, 3, 0.9774952713774429],
  [256, 320, 1, 0.988852221372754],
])('equals the definition on %i×%i pixels of %i channels', (width, height, channels, expected) => {
  const [clean, noisy] = bands(width, height, channels);
  expect(Math.abs(msSsim(clean, noisy) - expected)).toBeLessThan(1e-9);
  expect(msSsim(noisy, clean)).toBeCloseTo(msSsim(clean, noisy), 12);
});

test('equal pictures, and a negative, whose structure is opposed', () => {
  const [clean] = bands(170, 165, 1);
  expect(msSsim(clean, clean)).toBeCloseTo(1, 12);
  expect(
    msSsim(
      clean,
      withData(clean, (value) => 1 - value),
    ),
  ).toBe(0);
});

test('pictures that cannot be compared', () => {
  expect(refusal(() => msSsim(pattern(160, 200), pattern(160, 200)))).toBe(
    'MS-SSIM needs pictures of at least 161×161 pixels, these have 160×200',
  );
  expect(refusal(() => msSsim(pattern(180, 200), pattern(200, 180)))).toMatch(
    /^MS-SSIM compares pictures of the same size/,
  );
});
