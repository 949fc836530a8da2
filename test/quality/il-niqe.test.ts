import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { ilNiqePatches } from '#src/quality/il-niqe-patches.js';
import {
  fitIlNiqeModel,
  type IlNiqeModel,
  ilNiqe,
  type PlanarPicture,
  readIlNiqeModel,
  writeIlNiqeModel,
} from '#src/quality/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { matOf } from '../weights/mat-files.js';
import { withData } from './pictures.js';
import { blurred, noisy, texture } from './textures.js';

const path = temporaryFolder();

/** Integers that a program in another language draws alike. */
function drawn(width: number, height: number): PlanarPicture {
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const c = [1, 2, 4][Math.floor(i / (width * height))] ?? 0;
    const value = x * x * 3 + y * y * 5 + x * y * 7 + (x % 13) * (y % 7) * c + c * 31;
    return ((value >> 5) % 256) / 255;
  });
  return { channels: 3, width, height, data };
}

test('features equal those of an independent program', async () => {
  const fixture = new URL('./il-niqe-features.json', import.meta.url);
  const expected: readonly (readonly number[])[] = JSON.parse(await readFile(fixture, 'utf8'));
  const patches = ilNiqePatches(drawn(168, 84), { resize: false });
  expect(patches).toHaveLength(2);
  for (const [i, { features }] of patches.entries()) {
    expect(features).toHaveLength(468);
    for (const [k, value] of features.entries()) {
      const reference = expected[i]?.[k] ?? Number.NaN;
      expect(Math.abs(value - reference), `feature ${k}: ${value}`).toBeLessThan(
        1e-8 + 1e-8 * Math.abs(reference),
      );
    }
  }
});

describe("with a model of one's own", () => {
  let model: IlNiqeModel;
  beforeAll(async () => {
    const pictures = [1, 2, 3].map((seed) => texture(120, 100, seed));
    model = await fitIlNiqeModel(pictures, { sharpness: 0 });
  });

  test('pictures of its kind are better than blurred and noisy ones', () => {
    const good = texture(120, 100, 4);
    const score = ilNiqe(good, model);
    expect(score).toBeLessThan(ilNiqe(blurred(good), model));
    expect(score).toBeLessThan(ilNiqe(noisy(good, 0.1), model));
  });

  test('components are directions of length 1 at right angles, with falling spread', () => {
    const { components, distribution } = model;
    const kept = distribution.mean.length;
    expect(kept).toBe(Math.floor(108 * 0.92));
    const row = (k: number) => components.subarray(k * 468, (k + 1) * 468);
    const product = (a: number, b: number) =>
      row(a).reduce((sum, value, i) => sum + value * (row(b)[i] ?? 0), 0);
    expect(product(0, 0)).toBeCloseTo(1, 10);
    expect(product(kept - 1, kept - 1)).toBeCloseTo(1, 10);
    expect(product(0, kept - 1)).toBeCloseTo(0, 10);
    for (let k = 1; k < kept; k++)
      expect(distribution.covariance[(k - 1) * (kept + 1)]).toBeGreaterThanOrEqual(
        distribution.covariance[k * (kept + 1)] ?? Number.NaN,
      );
  });

  test("is the same from safetensors and from a MATLAB file of the public one's form", async () => {
    await writeIlNiqeModel(path('own.safetensors'), model);
    expect(await readIlNiqeModel(path('own.safetensors'))).toEqual(model);
    const { centre, components, distribution } = model;
    const kept = distribution.mean.length;
    // MATLAB's columns are rows read the other way, so that directions as columns lie one after another, as here.
    const cells = [
      { rows: 1, columns: kept, data: distribution.mean },
      { rows: kept, columns: kept, data: distribution.covariance },
      { rows: 468, columns: 1, data: centre },
      { rows: 468, columns: kept, data: components },
    ];
    await writeFile(path('templateModel.mat'), matOf('templateModel', cells));
    expect(await readIlNiqeModel(path('templateModel.mat'))).toEqual(model);
  });

  test('flat pictures and small ones are refused, files that hold no model too', async () => {
    const flat = withData(texture(80, 80, 1), () => 0.3);
    expect(await refusal(() => ilNiqe(flat, model))).toMatch(
      /^IL-NIQE needs at least two patches with texture/,
    );
    expect(await refusal(() => ilNiqe(texture(63, 90, 1), model))).toBe(
      'IL-NIQE needs pictures of at least 64×64 pixels, this one has 63×90',
    );
    expect(await refusal(() => ilNiqe(texture(83, 90, 1), model, { resize: false }))).toContain('84×84');
    await writeFile(
      path('other.mat'),
      matOf('other', [{ rows: 1, columns: 2, data: Float64Array.of(1, 2) }]),
    );
    expect(await refusal(() => readIlNiqeModel(path('other.mat')))).toContain('holds no model of IL-NIQE');
    expect(await refusal(() => fitIlNiqeModel([texture(64, 64, 1)]))).toMatch(
      /needs at least 100: give more pictures$/,
    );
    await expect(fitIlNiqeModel([], { components: 0 })).rejects.toThrow(RangeError);
  });
});
