import { describe, expect, test } from 'vitest';
import { compile } from '#src/compile/index.js';
import type { DenoisingMethod } from '#src/denoise/index.js';
import { amsnet, apBsn, plainInference, sdap } from '#src/denoise/index.js';
import { extractTile, type Picture, reflectPad } from '#src/images/index.js';
import { type ApplyOptions, createApplier } from '#src/apply/apply-denoiser.js';
import { applyNetwork } from '#src/nn/index.js';
import { createRuntime } from '#src/runtime/node/index.js';
import { trace } from '#src/tensor/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal } from '../weights/files.js';
import { largestDifference, liveliness, noisyPicture, randomDenoiser } from '../models/denoisers.js';

const cpu = cpuRuntime();
const small = randomDenoiser(8, 1);
const larger = randomDenoiser(32, 3);

/** Denoises one picture and counts the tiles it took. */
async function applied(
  picture: Picture,
  options: ApplyOptions,
  weights = small,
  method: DenoisingMethod = sdap,
): Promise<{ picture: Picture; tiles: number }> {
  const applier = createApplier(cpu(), weights, method, options);
  let tiles = 0;
  const result = await applier.apply(picture, {
    onTile: (progress) => {
      tiles += 1;
      expect(progress.tile).toBe(tiles);
    },
  });
  await applier.close();
  return { picture: result, tiles };
}

/** Larger than any picture here: one tile. */
const UNTILED = 4096;

describe('a picture denoised tile by tile', () => {
  test.each([
    { name: 'DBSNl 8×1', weights: small, enhance: true, size: [61, 47], tile: 34 },
    { name: 'DBSNl 8×1', weights: small, enhance: false, size: [61, 47], tile: 24 },
    { name: 'DBSNl 8×1, wide', weights: small, enhance: true, size: [120, 9], tile: 40 },
    { name: 'DBSNl 8×1, high', weights: small, enhance: false, size: [7, 101], tile: 26 },
    { name: 'DBSNl 32×3', weights: larger, enhance: true, size: [97, 75], tile: 72 },
    { name: 'DBSNl 32×3', weights: larger, enhance: false, size: [81, 99], tile: 52 },
  ] as const)(
    'is the picture denoised in one piece: $name, $size, tiles of $tile, enhanced: $enhance',
    async ({ weights, enhance, size, tile }) => {
      const picture = noisyPicture(size[0], size[1]);
      const whole = await applied(picture, { enhance, tile: UNTILED }, weights);
      const tiled = await applied(picture, { enhance, tile }, weights);
      expect(whole.tiles).toBe(1);
      expect(tiled.tiles).toBeGreaterThan(1);
      const { inside, deviation } = liveliness(whole.picture.data);
      expect(inside).toBeGreaterThan(0.5);
      expect(deviation).toBeGreaterThan(0.02);
      expect(largestDifference(tiled.picture.data, whole.picture.data)).toBeLessThanOrEqual(1e-5);
    },
  );

  test.each([
    { name: 'AMSNet', method: amsnet, options: {} },
    { name: 'AMSNet, three masks', method: amsnet, options: { masks: 3, seed: 5 } },
    { name: 'AMSNet, a fixed pattern', method: amsnet, options: { deterministic: true } },
    { name: 'AMSNet, refined', method: amsnet, options: { refine: 'per-pixel' } },
    { name: 'AMSNet, stride 3', method: amsnet, options: { subSampling: 3 } },
    { name: 'SDAP, refined', method: sdap, options: { refine: 'per-element', enhance: true } },
  ] as const)(
    'is the picture denoised in one piece where numbers are drawn for it: $name',
    async ({ method, options }) => {
      const picture = noisyPicture(61, 47);
      const whole = await applied(picture, { ...options, tile: UNTILED }, small, method);
      const tiled = await applied(picture, { ...options, tile: 42 }, small, method);
      expect([whole.tiles, tiled.tiles > 1]).toEqual([1, true]);
      expect(liveliness(whole.picture.data).deviation).toBeGreaterThan(0.02);
      expect(largestDifference(tiled.picture.data, whole.picture.data)).toBeLessThanOrEqual(1e-5);
      const again = await applied(picture, { ...options, tile: UNTILED }, small, method);
      expect(again.picture.data).toEqual(whole.picture.data);
    },
  );

  test('differs between seeds where masks are random, and not where they are fixed', async () => {
    const picture = noisyPicture(24, 20);
    const result = async (options: ApplyOptions) =>
      (await applied(picture, options, small, amsnet)).picture.data;
    expect(largestDifference(await result({ seed: 1 }), await result({ seed: 2 }))).toBeGreaterThan(1e-3);
    expect(await result({ seed: 1, deterministic: true })).toEqual(
      await result({ seed: 2, deterministic: true }),
    );
  });

  test('is AP-BSN’s picture in one piece but for the border, where the mosaic has its own neighbours', async () => {
    const picture = noisyPicture(80, 70);
    const options = { refine: 'per-element' } as const;
    const whole = await applied(picture, { ...options, tile: UNTILED }, small, apBsn);
    const tiled = await applied(picture, { ...options, tile: 48 }, small, apBsn);
    expect(tiled.tiles).toBeGreaterThan(1);
    const border = 2 * small.description.reach + small.description.reach;
    const inside = (data: Float32Array): Float32Array =>
      data.filter((_, i) => {
        const [x, y] = [i % 80, Math.floor(i / 80) % 70];
        return x >= border && x < 80 - border && y >= border && y < 70 - border;
      });
    const difference = largestDifference(inside(tiled.picture.data), inside(whole.picture.data));
    expect(inside(whole.picture.data).length).toBeGreaterThan(1000);
    expect(difference).toBeLessThanOrEqual(1e-5);
  });

  test('shows a seam where the margin is too small, so that the comparison means something', async () => {
    const picture = noisyPicture(61, 47);
    const short = { ...small, description: { ...small.description, reach: 1 } };
    const whole = await applied(picture, { enhance: true, tile: UNTILED });
    const tiled = await applied(picture, { enhance: true, tile: 24 }, short);
    expect(largestDifference(tiled.picture.data, whole.picture.data)).toBeGreaterThan(1e-3);
  });
});

describe('a picture denoised in one piece', () => {
  test.each([true, false])('is what the method says, clamped to [0, 1]; enhanced: %s', async (enhance) => {
    const picture = noisyPicture(32, 16);
    const program = trace(({ input, inputs }) => {
      const parameters = inputs('p', small.parameters);
      const noisy = input('x', [1, 3, 16, 32]);
      const denoiser = (x: typeof noisy) => applyNetwork(small.description.network, parameters, x);
      return { y: sdap.inference.denoise(denoiser, noisy, { ...plainInference, enhance }, {}) };
    });
    const executable = await cpu().load(compile(program));
    const { fetched } = await executable.run({
      ...Object.fromEntries(Object.entries(small.parameters).map(([key, value]) => [`p/${key}`, value])),
      x: { data: picture.data, shape: [1, 3, 16, 32], dtype: 'float32' },
    });
    const expected = Float32Array.from(fetched['y']?.data ?? [], (x: number | bigint) =>
      Math.min(1, Math.max(0, Number(x))),
    );
    const { picture: result } = await applied(picture, { enhance, tile: UNTILED });
    expect(largestDifference(result.data, expected)).toBeLessThan(1e-6);
  });

  test.each([
    [1, 1],
    [1, 2],
    [7, 3],
    [2, 31],
    [33, 20],
  ])('may be %i × %i pixels', async (width, height) => {
    const picture = noisyPicture(width, height);
    const { picture: result } = await applied(picture, { enhance: true });
    expect([result.width, result.height, result.data.length]).toEqual([width, height, 3 * width * height]);
    expect(result.data.every((x) => x >= 0 && x <= 1)).toBe(true);
  });

  test('is a part of the picture that is mirrored to the next size of a tile', async () => {
    const [width, height, side] = [13, 10, 16];
    const picture = noisyPicture(width, height);
    const padding = { top: 0, left: 0, right: side - width, bottom: side - height };
    const mirrored = reflectPad(picture.data, 3, height, width, padding);
    const whole = await applied({ ...picture, width: side, height: side, data: mirrored }, { enhance: true });
    const part = await applied(picture, { enhance: true });
    const cut = extractTile(whole.picture.data, 3, side, side, { x: 0, y: 0, width, height });
    expect(largestDifference(part.picture.data, cut)).toBeLessThanOrEqual(1e-6);
  });

  test('takes programs of few sizes for pictures of many', async () => {
    await using runtime = await createRuntime({ device: 'cpu', threads: 1, shelfBytes: 2 ** 30 });
    const applier = createApplier(runtime, small, sdap, {});
    for (let side = 17; side <= 32; side++) await applier.apply(noisyPicture(side, 49 - side));
    expect(await runtime.held()).toEqual({ models: 1, sessions: 1, tensors: 0, loops: 0 });
    await applier.close();
    expect(await runtime.held()).toEqual({ models: 0, sessions: 0, tensors: 0, loops: 0 });
  });
});

describe('what is not colour', () => {
  test('a grey picture stays grey: the mean of what its three equal planes become', async () => {
    const grey = noisyPicture(21, 16, { channels: 1, bitDepth: 16 });
    const colour = {
      ...grey,
      channels: 3 as const,
      data: new Float32Array([...grey.data, ...grey.data, ...grey.data]),
    };
    const [one, three] = [await applied(grey, { enhance: true }), await applied(colour, { enhance: true })];
    const area = 21 * 16;
    expect(one.picture.channels).toBe(1);
    const mean = Float32Array.from({ length: area }, (_, i) =>
      [0, 1, 2].reduce((sum, c) => sum + (three.picture.data[c * area + i] ?? Number.NaN) / 3, 0),
    );
    expect(largestDifference(one.picture.data, mean)).toBeLessThan(1e-6);
  });

  test('opacity, depth, format and metadata are kept, and the picture given is not changed', async () => {
    const alpha = Uint16Array.from({ length: 15 * 12 }, (_, i) => i * 300);
    const metadata = { icc: Uint8Array.of(1, 2, 3), density: { x: 300, y: 300 } };
    const picture = noisyPicture(15, 12, { alpha, bitDepth: 16, format: 'tiff', metadata });
    const before = picture.data.slice();
    const { picture: result } = await applied(picture, { enhance: false });
    expect(result.alpha).toEqual(Uint16Array.from({ length: 15 * 12 }, (_, i) => i * 300));
    expect(result).toMatchObject({ bitDepth: 16, format: 'tiff', metadata });
    expect(picture.data).toEqual(before);
    expect(result.data).not.toEqual(before);
  });
});

describe('an applier', () => {
  test('denoises pictures of several sizes, one after the other or together', async () => {
    const applier = createApplier(cpu(), small, sdap, { enhance: true });
    const pictures = [noisyPicture(20, 16), noisyPicture(16, 20), noisyPicture(20, 16)];
    const together = await Promise.all(pictures.map((picture) => applier.apply(picture)));
    for (const [i, picture] of pictures.entries())
      expect((await applier.apply(picture)).data).toEqual(together[i]?.data);
    await applier.close();
  });

  test('stops between tiles when it is told to', async () => {
    const applier = createApplier(cpu(), small, sdap, { enhance: false, tile: 24 });
    const stop = new AbortController();
    let tiles = 0;
    const work = applier.apply(noisyPicture(61, 47), {
      signal: stop.signal,
      onTile: () => {
        tiles += 1;
        if (tiles === 2) stop.abort(new Error('enough'));
      },
    });
    await expect(work).rejects.toThrow('enough');
    expect(tiles).toBe(2);
    await applier.close();
  });

  test('refuses to make a picture of numbers that are none, be it of a few pixels', async () => {
    // The last layers overflow, to infinities of both signs that add up to NaN, around a bright pixel only.
    const parameters = Object.fromEntries(
      Object.entries(small.parameters).map(([key, value]) => {
        const factor = key.endsWith('bias') ? 0 : /^tail\.[246]/.test(key) ? 1e25 : 1;
        const data = Float32Array.from(value.data, (x: number | bigint) => Number(x) * factor);
        return [key, { ...value, data }];
      }),
    );
    const picture = noisyPicture(40, 40, { data: new Float32Array(3 * 1600) });
    const dark = await applied(picture, { enhance: false }, { ...small, parameters });
    expect(dark.picture.data.every((x) => x === 0)).toBe(true);
    picture.data.fill(1, 20 * 40 + 19, 20 * 40 + 22);
    const line = await refusal(() => applied(picture, { enhance: false }, { ...small, parameters }));
    expect(line).toMatch(/NaN/);
  });
});
