import { describe, expect, it } from 'vitest';
import {
  anyNoise,
  applyNoise,
  calibrateNoise,
  drawNoiseProcess,
  type NoiseProcess,
  noiseFeatures,
  nearProcess,
} from '#src/noise/index.js';
import type { Planes } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';
import { drawPlanes, momentsOf } from '../upscale/drawing.js';

const side = 64;
const picture: Planes = drawPlanes(side, side);
const untouched = { denoised: undefined, sharpened: undefined, resized: undefined, jpeg: [] };

/** A denoiser that is none: it knows the clean picture. */
const oracle = async (): Promise<Planes> => picture;

const noiseOf = (noisy: Planes): Planes => ({
  ...noisy,
  data: noisy.data.map((value, i) => value - (picture.data[i] ?? 0)),
});

describe('calibration', () => {
  it.each([6, 30])('finds white noise of a deviation of %d of 255', async (sigma) => {
    const process: NoiseProcess = {
      origin: { kind: 'gaussian', sigma: sigma / 255 },
      afterwards: untouched,
      eightBits: true,
    };
    const { noisy } = await applyNoise(picture, process, createRandom(1));
    const { processes, distance } = await calibrateNoise(noisy, picture, oracle, createRandom(2), {
      draws: 30,
    });
    expect(processes).toHaveLength(8);
    const again = await Promise.all(
      processes.slice(0, 3).map((found, i) => applyNoise(picture, found, createRandom(3, i))),
    );
    for (const { noisy: imitation } of again) {
      const { deviation } = momentsOf(noiseOf(imitation).data);
      expect(Math.abs(Math.log((255 * deviation) / sigma))).toBeLessThan(0.35);
    }
    expect(distance).toBeLessThan(8);
  });

  it('comes nearer to coloured noise from round to round, and depends on the generator alone', async () => {
    const camera = drawNoiseProcess(createRandom(11), {
      ...anyNoise,
      sources: { camera: 1, film: 0, gaussian: 0, none: 0 },
      camera: { ...anyNoise.camera, shot: [4e-3, 5e-3], exposureProbability: 0 },
    });
    const { noisy } = await applyNoise(picture, { ...camera, afterwards: untouched }, createRandom(1));
    const found = (draws: number) => calibrateNoise(noisy, picture, oracle, createRandom(5), { draws });
    const [few, many, again] = [await found(2), await found(24), await found(24)];
    expect(many.distance).toBeLessThan(few.distance);
    expect(again).toEqual(many);
  });

  it('stops', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(
      calibrateNoise(picture, picture, oracle, createRandom(1), { draws: 2, signal }),
    ).rejects.toThrow('enough');
  });
});

describe('a process', () => {
  it('is plain data, and makes the same noise of the same generator', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const process = drawNoiseProcess(createRandom(seed), anyNoise);
      const copy = structuredClone(process);
      expect(copy).toEqual(process);
      const [one, two] = [
        await applyNoise(picture, process, createRandom(9)),
        await applyNoise(picture, copy, createRandom(9)),
      ];
      expect(two).toEqual(one);
    }
  });

  it('has others near it, which make about as much noise', async () => {
    const process: NoiseProcess = {
      origin: { kind: 'gaussian', sigma: 0.05 },
      afterwards: untouched,
      eightBits: false,
    };
    for (let seed = 0; seed < 10; seed++) {
      const { origin } = nearProcess(process, createRandom(seed), anyNoise, 0.1);
      expect(origin.kind).toBe('gaussian');
      expect(origin.kind === 'gaussian' && Math.abs(Math.log(origin.sigma / 0.05))).toBeLessThan(0.45);
    }
  });
});

describe('features', () => {
  it('are alike for the same kind of noise, and far for another', async () => {
    const noiseBy = async (sigma: number, blur: number, seed: number) => {
      const process: NoiseProcess = {
        origin: { kind: 'film', film: { strength: sigma, size: blur, colour: 1, scanner: 0 } },
        afterwards: untouched,
        eightBits: false,
      };
      return noiseFeatures(noiseOf((await applyNoise(picture, process, createRandom(seed))).noisy), picture);
    };
    const distance = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0);
    const base = await noiseBy(0.05, 1, 1);
    expect(base).toHaveLength(39);
    const same = distance(base, await noiseBy(0.05, 1, 2));
    expect(distance(base, await noiseBy(0.1, 1, 2))).toBeGreaterThan(4 * same);
    expect(distance(base, await noiseBy(0.05, 0.3, 2))).toBeGreaterThan(4 * same);
  });
});
