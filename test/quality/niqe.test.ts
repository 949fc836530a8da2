import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  fitNiqeModel,
  type NiqeModel,
  niqe,
  niqeMeasure,
  readNiqeModel,
  writeNiqeModel,
} from '#src/quality/index.js';
import { writeSafetensors } from '#src/weights/index.js';
import { sharedFolder } from '../shared.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { withData } from './pictures.js';
import { readBitmap } from '../../conformance/bitmap.js';
import { blurred, noisy, texture } from './textures.js';

const path = temporaryFolder();

/** Of six pictures, fitted once for all tests. */
const pictures = [1, 2, 3, 4, 5, 6].map((seed) => texture(480, 384, seed));
const fitted = fitNiqeModel(pictures);
const ownModel = (): Promise<NiqeModel> => fitted;

test('equals the MATLAB release', async (context) => {
  const folder = sharedFolder(context, 'data', 'iqa_reference_scores', 'iqa_pytorch', 'dist_dir');
  const model = await readNiqeModel(sharedFolder(context, 'weights', 'niqe_pris_params.npz'));
  // Where no window of 7×7 pixels is flat (I04) there is agreement to the last printed digit. In flat windows the
  // original measures the rounding errors of its filters.
  for (const [name, expected, tolerance] of [
    ['I03', 15.7536293917814, 0.001],
    ['I04', 3.6549215235377, 1e-10],
    ['I06', 3.23547743716998, 0.001],
    ['I08', 3.18403333858339, 0.006],
    ['I19', 8.63519663862637, 0.004],
  ] as const) {
    const score = niqe(await readBitmap(`${folder}/${name}.bmp`), model);
    expect(Math.abs(score / expected - 1), `${name}: ${score}`).toBeLessThan(tolerance);
  }
});

describe("a model of one's own", () => {
  test('prefers pictures of its kind to blurred and to noisy ones', async () => {
    const model = await ownModel();
    const good = texture(480, 384, 7);
    const score = niqe(good, model);
    expect(score).toBeLessThan(niqe(blurred(good), model) / 2);
    expect(score).toBeLessThan(niqe(noisy(good, 0.08), model) / 2);
    expect(niqe(good, model)).toBe(score);
  });

  test('only patches that are sharp for their picture are taken', async () => {
    const half = texture(480, 384, 8);
    const soft = blurred(half);
    // The left half is blurred: it must not change the model of the right half.
    const mixed = withData(half, (value, i) => (i % 480 < 192 ? (soft.data[i] ?? 0) : value));
    const all = await fitNiqeModel([...pictures, mixed], { sharpness: 0 });
    const sharp = await fitNiqeModel([...pictures, mixed]);
    const distance = (model: NiqeModel): number => niqe(soft, model);
    expect(distance(sharp)).toBeGreaterThan(distance(all));
  });

  test('is the same after writing and reading, with what was written beside it', async () => {
    const model = await ownModel();
    const file = path('niqe.safetensors');
    await writeNiqeModel(file, model, { pictures: '6' });
    expect(await readNiqeModel(file)).toEqual(model);
    expect((await readFile(file)).toString('latin1')).toContain('"pictures":"6"');
  });

  test('pictures that are too small are told of, or end the fit', async () => {
    const withSmall = [...pictures, texture(95, 400, 9)];
    expect(await refusal(() => fitNiqeModel(withSmall))).toContain('95×400 is too small');
    const skipped: string[] = [];
    const model = await fitNiqeModel(withSmall, {
      onSkip: ({ message }, index) => skipped.push(`${index}: ${message}`),
    });
    expect(skipped).toEqual(['6: NIQE judges patches of 96×96 pixels; a picture of 95×400 is too small']);
    expect(model).toEqual(await ownModel());
  });

  test('too few patches make no model', async () => {
    expect(await refusal(() => fitNiqeModel([texture(192, 192, 1)]))).toMatch(
      /^the picture has \d sharp patches .* needs more than 36: give more or larger pictures$/,
    );
    await expect(fitNiqeModel([], { sharpness: 1 })).rejects.toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
      option: 'sharpness',
    });
  });
});

test('the public NumPy file becomes a safetensors file with the same scores', async (context) => {
  const model = await readNiqeModel(sharedFolder(context, 'weights', 'niqe_pris_params.npz'));
  const file = path('public.safetensors');
  await writeNiqeModel(file, model);
  const picture = texture(300, 200, 3);
  expect(niqe(picture, await readNiqeModel(file))).toBe(niqe(picture, model));
});

test('grey is red, green and blue that are alike, and what whole patches do not cover does not count', async () => {
  const model = await ownModel();
  const colour = texture(300, 200, 3);
  const grey = { ...colour, channels: 1, data: colour.data.slice(0, 300 * 200) };
  const alike = withData(colour, (_, i) => grey.data[i % (300 * 200)] ?? 0);
  const score = niqe(grey, model);
  expect(niqe(alike, model)).toBe(score);
  const elsewhere = withData(grey, (value, i) => (i % 300 >= 288 || i >= 192 * 300 ? 0 : value));
  expect(niqe(elsewhere, model)).toBe(score);
});

test('a flat part does not count, whatever its grey', async () => {
  const model = await ownModel();
  const picture = texture(480, 384, 7);
  const withSky = (sky: number) => withData(picture, (value, i) => (i % 480 >= 384 ? sky : value));
  const score = niqe(withSky(200 / 255), model);
  expect(score).toBeGreaterThan(0);
  expect(Number.isFinite(niqe(withSky(1), model))).toBe(true);
});

test('what cannot be judged is refused', async () => {
  const model = await ownModel();
  expect(niqeMeasure.smallest).toEqual({ width: 96, height: 96 });
  expect(await refusal(() => niqe(texture(96, 95, 1), model))).toBe(
    'NIQE judges patches of 96×96 pixels; a picture of 96×95 is too small',
  );
  const flat = withData(texture(200, 200, 1), () => 0.4);
  expect(await refusal(() => niqe(flat, model))).toBe(
    'NIQE needs at least two patches of 96×96 pixels with texture; of the 4 of this picture 0 have some, the rest is flat',
  );
  expect(await refusal(() => niqe(texture(96, 96, 1), model))).toContain(
    'of the 1 of this picture 1 has some',
  );
  const broken = withData(texture(200, 200, 1), (value, i) => (i === 5 ? Number.NaN : value));
  expect(await refusal(() => niqe(broken, model))).toContain('not a number at x 5, y 0');
});

test('files that are no model are refused', async () => {
  const other = path('other.safetensors');
  await writeSafetensors(other, {
    tensors: new Map([['weight', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]]),
  });
  expect(await refusal(() => readNiqeModel(other))).toMatch(/holds no model of NIQE.*it has weight$/);
  const broken = path('broken.safetensors');
  const { mean, covariance } = await ownModel();
  await writeNiqeModel(broken, { mean: mean.map(() => Number.NaN), covariance });
  expect(await refusal(() => readNiqeModel(broken))).toContain('not numbers');
  expect(await refusal(() => readNiqeModel(path('missing.npz')))).toContain('does not exist');
});
