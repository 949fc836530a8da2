import type { Planes } from '#src/pixels/index.js';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { measureNoise, type NoiseLevel, naturalStrength } from '#src/denoise/index.js';
import { readPicture } from '#src/images/index.js';
import { sharedFolder } from '../../shared.js';
import { drawn, inBytes, scene, screenshot, texture, withNoise } from './drawn-pictures.js';

const strengthOf = (picture: Planes): number =>
  naturalStrength(measureNoise(picture), picture.width * picture.height);

/** The deviation of a luma made of three alike channels' noises. */
const ofLuma = Math.hypot(0.299, 0.587, 0.114);

describe('measureNoise', () => {
  test.each([2, 5, 15, 40])('finds white noise of %i', (sigma) => {
    const noise = measureNoise(withNoise(scene(), () => sigma / 255));
    expect(noise.evidence).toBe(1);
    expect((255 * noise.luma) / (sigma * ofLuma)).toBeGreaterThan(0.85);
    expect((255 * noise.luma) / (sigma * ofLuma)).toBeLessThan(1.2);
    expect(noise.fineness).toBeGreaterThan(0.85);
  });

  test('finds how it depends on brightness', () => {
    const noise = measureNoise(withNoise(scene(), (value) => 0.02 + 0.06 * value));
    const [first, last] = [noise.levels.at(0), noise.levels.at(-1)];
    for (const level of [first, last]) {
      const expected = (0.02 + 0.06 * (level?.brightness ?? 0)) * ofLuma;
      expect((level?.luma[2] ?? 0) / expected).toBeGreaterThan(0.85);
      expect((level?.luma[2] ?? 0) / expected).toBeLessThan(1.2);
    }
  });

  test('finds that noise is coarse', () => {
    const { data, ...size } = withNoise(
      drawn(320, 256, () => 0.5),
      () => 0.1,
    );
    const soft = data.map((value, i) => (value + (data[i + 1] ?? 0) + (data[i + size.width] ?? 0)) / 3);
    expect(measureNoise({ ...size, data: soft }).fineness).toBeLessThan(0.7);
  });

  test('takes what is cut off at white for no evidence', () => {
    const bright = drawn(320, 256, (x) => (x < 220 ? 1.1 : 0.6));
    const noise = measureNoise(withNoise(bright, () => 0.04));
    expect((255 * noise.luma) / (255 * 0.04 * ofLuma)).toBeGreaterThan(0.85);
  });

  test('sees no noise in drawings and no certain noise in texture', () => {
    for (const picture of [inBytes(scene()), screenshot(), texture()]) expect(strengthOf(picture)).toBe(0);
    expect(measureNoise(screenshot()).luma).toBeLessThan(0.3 / 255);
  });

  test('is the same every time, and takes grey and tiny pictures', () => {
    const noisy = withNoise(scene(), () => 0.05);
    expect(measureNoise(noisy)).toEqual(measureNoise(noisy));
    const grey = { ...noisy, channels: 1, data: noisy.data.subarray(0, noisy.width * noisy.height) };
    expect(255 * measureNoise(grey).luma).toBeGreaterThan(11);
    expect(measureNoise(grey).chroma).toBe(0);
    for (const side of [1, 7, 8, 20]) expect(strengthOf(drawn(side, side, () => 0.5))).toBe(0);
  });

  test('agrees with the references of real photographs, and lets clean ones be', async (context) => {
    const folder = sharedFolder(context, 'data', 'sidd5');
    for (const name of await readdir(join(folder, 'noisy'))) {
      const noisy = await readPicture(join(folder, 'noisy', name));
      const clean = await readPicture(join(folder, 'clean', name));
      const difference = noisy.data.map((value, i) => 0.5 + (value - (clean.data[i] ?? 0)) / 2);
      const truth = 2 * measureNoise({ ...noisy, data: difference }).luma;
      const ratio = measureNoise(noisy).luma / truth;
      expect(ratio, name).toBeGreaterThan(0.7);
      expect(ratio, name).toBeLessThan(1.25);
      expect(strengthOf(noisy), name).toBe(1);
    }
  });
});

describe('naturalStrength', () => {
  test('grows gradually with the noise', () => {
    const strengths = Array.from({ length: 7 }, (_, i) =>
      strengthOf(withNoise(scene(), () => (2 * i) / 255)),
    );
    expect(strengths[0]).toBe(0);
    expect(strengths.at(-1)).toBe(1);
    for (const [i, strength] of strengths.entries()) {
      expect(strength).toBeGreaterThanOrEqual((strengths[i - 1] ?? 0) - 0.02);
      expect(strength - (strengths[i - 1] ?? 0)).toBeLessThan(0.6);
    }
  });

  test('black that is black is no evidence of noise elsewhere', () => {
    const level = (brightness: number, deviation: number, evidence: number): NoiseLevel => ({
      ...{ brightness, evidence },
      luma: new Array(4).fill(deviation / 255),
      chroma: new Array(4).fill(0),
    });
    const measured = { ...measureNoise(scene()), fineness: 0.5, evidence: 0.5 };
    const texture = [level(0.3, 14, 0.2), level(0.5, 14, 0), level(0.6, 14, 0)];
    const black = [level(0.02, 0, 1), level(0.03, 0, 1)];
    expect(naturalStrength({ ...measured, levels: [...black, ...texture] }, 200_000)).toBe(0);
    expect(naturalStrength({ ...measured, levels: texture }, 200_000)).toBe(1);
  });
});
