import sharp from 'sharp';
import { expect, test } from 'vitest';
import { jpegCoarseness } from '#src/denoise/compression/jpeg-coarseness.js';
import { withoutJpeg } from '#src/denoise/compression/without-jpeg.js';
import { readPicture } from '#src/images/index.js';
import { drawn } from './drawn.js';

async function planesOf(file: Buffer) {
  const { width, height, channels, data } = await readPicture(file);
  return { width, height, channels, data };
}

const meanSquare = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0) / a.length;

test.each([
  { quality: 30, coarseness: 50 / 30 },
  { quality: 50, coarseness: 1 },
  { quality: 75, coarseness: 0.5 },
])('quality $quality is seen in the pixels', async ({ quality, coarseness }) => {
  const planes = await planesOf(await drawn().jpeg({ quality }).toBuffer());
  expect(Math.abs(jpegCoarseness(planes) / coarseness - 1)).toBeLessThan(0.08);
});

test('also in a PNG file that was made of it, and when it was turned', async () => {
  const jpeg = await drawn().jpeg({ quality: 50 }).toBuffer();
  expect(jpegCoarseness(await planesOf(await sharp(jpeg).png().toBuffer()))).toBeCloseTo(1, 1);
  expect(jpegCoarseness(await planesOf(await sharp(jpeg).rotate(180).png().toBuffer()))).toBeCloseTo(1, 1);
});

test('nothing is seen in what was never compressed, was resized since, or has all one colour', async () => {
  const jpeg = await drawn().jpeg({ quality: 50 }).toBuffer();
  for (const file of [
    await drawn().png().toBuffer(),
    await sharp(jpeg).resize(150, 120).png().toBuffer(),
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#777' } })
      .jpeg()
      .toBuffer(),
    await sharp({ create: { width: 5, height: 3, channels: 3, background: '#777' } })
      .jpeg()
      .toBuffer(),
  ]) {
    const planes = await planesOf(file);
    expect(jpegCoarseness(planes)).toBe(0);
    expect(withoutJpeg(planes)).toBeUndefined();
  }
});

test('grey pictures are seen, too', async () => {
  const planes = await planesOf(
    await drawn().greyscale().toColourspace('b-w').jpeg({ quality: 50 }).toBuffer(),
  );
  expect(planes.channels).toBe(1);
  expect(jpegCoarseness(planes)).toBeCloseTo(1, 1);
});

test.each([30, 50, 75])('without JPEG of quality %i it is nearer to what it was', async (quality) => {
  const clean = await planesOf(await drawn().png().toBuffer());
  const compressed = await planesOf(await drawn().jpeg({ quality }).toBuffer());
  const given = compressed.data.slice();
  const found = withoutJpeg(compressed);
  expect(compressed.data).toEqual(given);
  expect(meanSquare(found?.data ?? given, clean.data)).toBeLessThan(0.95 * meanSquare(given, clean.data));
});
