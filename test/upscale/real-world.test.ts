import { describe, expect, it } from 'vitest';
import { createRandom } from '#src/random.js';
import { compressJpeg, degradeBicubic, degradeRealWorld, realEsrgan, sharpen } from '#src/upscale/index.js';
import type { Planes } from '#src/pixels/index.js';
import { drawPlanes, flat, momentsOf } from './drawing.js';

const difference = (a: Planes, b: Planes): number =>
  momentsOf(a.data.map((value, i) => value - (b.data[i] ?? Number.NaN))).deviation * 255;

const isEightBit = ({ data }: Planes): boolean =>
  data.every((value) => value >= 0 && value <= 1 && Math.abs(value * 255 - Math.round(value * 255)) < 1e-4);

describe('JPEG', () => {
  it('loses more at lower quality, and is really quantised in blocks', async () => {
    const planes = drawPlanes(64, 48);
    const [good, bad] = [await compressJpeg(planes, 95), await compressJpeg(planes, 10)];
    expect(good).toMatchObject({ channels: 3, width: 64, height: 48 });
    expect(difference(good, planes)).toBeLessThan(6);
    expect(difference(bad, planes)).toBeGreaterThan(1.5 * difference(good, planes));
    // At the lowest quality a block of 8 × 8 is next to flat, whatever was in it.
    const worst = await compressJpeg({ ...planes, channels: 1, data: planes.data.subarray(0, 64 * 48) }, 1);
    const row = Array.from(worst.data.subarray(8 * 64, 8 * 64 + 64));
    const steps = row.map((value, x) => (x === 0 ? 0 : Math.abs(value - (row[x - 1] ?? 0))));
    const atBlocks = steps.filter((_, x) => x % 8 === 0);
    expect(Math.max(...atBlocks)).toBeGreaterThan(3 * Math.max(...steps.filter((_, x) => x % 8 !== 0)));
  });

  it('keeps grey grey, flat pictures flat, and clamps', async () => {
    const { data } = await compressJpeg(flat(1.4, 17, 9, 1), 60);
    expect(data.every((value) => value === 1)).toBe(true);
    expect(data).toHaveLength(17 * 9);
    const grey = await compressJpeg(flat(100 / 255, 17, 9), 60);
    expect(grey.data.every((value) => Math.abs(value * 255 - 100) < 1e-4)).toBe(true);
  });

  it('blurs colours more than brightness, having them at half the resolution', async () => {
    const stripes = (light: boolean): Planes => ({
      ...flat(0, 32, 32),
      data: Float32Array.from({ length: 3 * 1024 }, (_, i) =>
        i % 2 === (light || i < 1024 ? 0 : 1) ? 0.65 : 0.35,
      ),
    });
    expect(difference(await compressJpeg(stripes(true), 95), stripes(true))).toBeLessThan(5);
    expect(difference(await compressJpeg(stripes(false), 95), stripes(false))).toBeGreaterThan(20);
  });
});

describe('the classical degradation', () => {
  it('is rounded to the steps of the file', () => {
    const planes = drawPlanes(40, 32);
    const low = degradeBicubic(planes, 4);
    expect(low).toMatchObject({ channels: 3, width: 10, height: 8 });
    expect(isEightBit(low)).toBe(true);
    const deep = degradeBicubic(planes, 4, 65_535);
    expect(isEightBit(deep)).toBe(false);
    expect(difference(low, deep)).toBeLessThan(0.5);
  });
});

describe('the real-world degradation', () => {
  const planes = drawPlanes(64, 48);

  it('gives the same for the same seed and another for another', async () => {
    const results = await Promise.all(
      [7, 7, 8].map((seed) => degradeRealWorld(planes, 4, createRandom(seed))),
    );
    const [first, again, other] = results;
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first).toMatchObject({ channels: 3, width: 16, height: 12 });
  });

  it('gives pictures of 8 bits that show the scene, whatever is drawn', async () => {
    const clean = degradeBicubic(planes, 4);
    const damages: number[] = [];
    for (let seed = 0; seed < 60; seed++) {
      const low = await degradeRealWorld(planes, 4, createRandom(seed));
      expect(isEightBit(low)).toBe(true);
      damages.push(difference(low, clean));
    }
    const { mean, deviation } = momentsOf(damages);
    expect(Math.max(...damages)).toBeLessThan(90);
    expect(mean).toBeGreaterThan(4);
    expect(deviation).toBeGreaterThan(3); // some hardly at all, others much
  });

  it('works on grey pictures and on the smallest, at any scale', async () => {
    for (const [width, height, channels, scale] of [
      [32, 20, 1, 4],
      [4, 4, 3, 4],
      [6, 3, 3, 3],
      [16, 8, 3, 2],
    ] as const) {
      for (let seed = 0; seed < 10; seed++) {
        const low = await degradeRealWorld(drawPlanes(width, height, channels), scale, createRandom(seed));
        expect(low).toMatchObject({ channels, width: width / scale, height: height / scale });
        expect(low.data).toHaveLength((channels * width * height) / scale ** 2);
        expect(isEightBit(low)).toBe(true);
      }
    }
  });

  it('does what its settings say', async () => {
    const gentle = {
      blurProbability: 0,
      resize: { up: 0, down: 0, keep: 1 },
      gaussianProbability: 1,
      gaussianSigma: [0, 0],
      jpegQuality: [100, 100],
    } as const;
    const settings = {
      ...realEsrgan,
      first: { ...realEsrgan.first, ...gentle },
      second: { ...realEsrgan.second, ...gentle },
      finalSincProbability: 0,
    };
    const smooth: Planes = {
      ...flat(0, 64, 64),
      data: Float32Array.from({ length: 3 * 4096 }, (_, i) => (i % 64) / 80 + 0.1),
    };
    for (let seed = 0; seed < 6; seed++) {
      const low = await degradeRealWorld(smooth, 4, createRandom(seed), { settings });
      expect(difference(low, degradeBicubic(smooth, 4))).toBeLessThan(2);
    }
  });

  it('pauses when asked to, and stops with what the pause throws', async () => {
    const pause = (): Promise<void> => Promise.reject(new Error('enough'));
    await expect(degradeRealWorld(drawPlanes(64, 48), 4, createRandom(0), { pause })).rejects.toThrow(
      'enough',
    );
  });
});

describe('sharpening', () => {
  it('steepens edges and leaves flat parts and faint detail as they are', () => {
    const edge: Planes = {
      ...flat(0, 120, 120),
      data: Float32Array.from({ length: 3 * 14_400 }, (_, i) => (i % 120 < 60 ? 0.4 : 0.6)),
    };
    const { data } = sharpen(edge);
    const row = data.subarray(60 * 120, 61 * 120);
    expect(row[0]).toBeCloseTo(0.4, 4);
    expect(row[59]).toBeLessThan(0.375);
    expect(row[60]).toBeGreaterThan(0.625);
    const faint = { ...edge, data: edge.data.map((value) => 0.5 + (value - 0.5) * 0.2) };
    expect(sharpen(faint).data).toEqual(faint.data);
  });

  it('stays in [0, 1] and takes its strength and window from the settings', () => {
    const planes: Planes = {
      ...flat(0, 40, 40),
      data: Float32Array.from({ length: 4800 }, (_, i) => (((i % 40) + Math.floor(i / 400)) % 9 < 4 ? 0 : 1)),
    };
    expect(sharpen(planes).data.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(difference(sharpen(planes, { weight: 0 }), planes)).toBe(0);
    expect(() => sharpen(planes, { size: 50 })).toThrow('50');
  });
});
