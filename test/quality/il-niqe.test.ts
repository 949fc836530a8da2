import type { Planes } from '#src/pixels/index.js';
import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { ilNiqePatches } from '#src/quality/il-niqe/il-niqe-patches.js';
import {
  fitIlNiqeModel,
  type IlNiqeModel,
  ilNiqe,
  readIlNiqeModel,
  writeIlNiqeModel,
} from '#src/quality/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { matOf } from '../weights/mat-files.js';
import { withData } from './pictures.js';
import { blurred, noisy, texture } from './textures.js';

const path = temporaryFolder();

/** Integers that a program in another language draws alike. */
function drawn(width: number, height: number): Planes {
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

test('the score is the mean distance of the patches in two components, a flat one counting as their mean', () => {
  const picture = texture(252, 168, 5);
  // The patch at the bottom right is black.
  const withFlat = withData(picture, (value, i) =>
    i % 252 >= 168 && Math.floor(i / 252) % 168 >= 84 ? 0 : value,
  );
  // Two directions across all features, which are of very different size.
  const components = Float64Array.from({ length: 2 * 468 }, (_, i) => Math.sin(1 + 1.3 * i) / 20);
  const centre = Float64Array.from({ length: 468 }, (_, i) => 0.1 * Math.cos(i));
  const [own, prior, mean] = [[2, 0.5, 3] as const, Float64Array.of(2, 0.5, 0.5, 3), Float64Array.of(4, -7)];
  const model: IlNiqeModel = { centre, components, distribution: { mean, covariance: prior } };
  for (const [shown, count] of [
    [picture, 6],
    [withFlat, 5],
  ] as const) {
    const rows = ilNiqePatches(shown, { resize: false })
      .map(({ features }) =>
        [0, 1].map((k) =>
          features.reduce(
            // The Weibull shape of equal numbers is infinite, and counts as 10,000.
            (sum, value, i) =>
              sum +
              (components[k * 468 + i] ?? 0) *
                ((value === Number.POSITIVE_INFINITY ? 10_000 : value) - (centre[i] ?? 0)),
            0,
          ),
        ),
      )
      .filter((row) => !row.some(Number.isNaN));
    expect(rows).toHaveLength(count);
    const average = (k: number) => rows.reduce((sum, row) => sum + (row[k] ?? 0), 0) / count;
    const centred = rows.map((row) => row.map((value, k) => value - average(k)));
    const spread = (j: number, k: number) =>
      centred.reduce((sum, row) => sum + (row[j] ?? 0) * (row[k] ?? 0), 0) / (count - 1);
    const [a, b, d] = [(own[0] + spread(0, 0)) / 2, (own[1] + spread(0, 1)) / 2, (own[2] + spread(1, 1)) / 2];
    const away = (x: number, y: number) =>
      Math.sqrt((d * x * x - 2 * b * x * y + a * y * y) / (a * d - b * b));
    const counted = [...rows, ...Array.from({ length: 6 - count }, () => [average(0), average(1)])];
    const expected = counted.reduce((sum, [x = 0, y = 0]) => sum + away(x - 4, y + 7), 0) / 6;
    expect(Math.abs(ilNiqe(shown, model, { resize: false }) / expected - 1)).toBeLessThan(1e-9);
  }
});

test('every picture is brought to 36 patches first, unless it is to stay; grey is like colours that are alike', () => {
  const grey = texture(90, 85, 6);
  const alike = withData(grey, (_, i) => grey.data[i % (90 * 85)] ?? 0);
  const single = { ...grey, channels: 1, data: grey.data.slice(0, 90 * 85) };
  expect(ilNiqePatches(single)).toHaveLength(36);
  const patches = ilNiqePatches(alike, { resize: false });
  expect(patches).toHaveLength(1);
  expect(ilNiqePatches(single, { resize: false })).toEqual(patches);
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
    const flat = withData(texture(168, 84, 1), () => 0.3);
    expect(await refusal(() => ilNiqe(flat, model, { resize: false }))).toMatch(
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
    await expect(fitIlNiqeModel([], { components: 0 })).rejects.toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
      option: 'components',
    });
  });
});
