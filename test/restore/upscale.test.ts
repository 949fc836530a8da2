import { describe, expect, test } from 'vitest';
import { bicubicResize } from '#src/pixels/index.js';
import type { Picture } from '#src/images/index.js';
import type { UpscalerWeights } from '#src/api/index.js';
import { applyNetwork } from '#src/nn/index.js';
import { trace } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { largestDifference, liveliness, noisyPicture } from '../models/denoisers.js';
import { smallUpscalers } from '../models/upscalers.js';
import { enlarged, weights } from './enlarged.js';

const cpu = cpuRuntime();

/** What the network says about a picture in one piece, clamped to [0, 1]. */
async function asWhole(
  { description, parameters }: UpscalerWeights,
  picture: Picture,
): Promise<Float32Array> {
  const shape = [1, 3, picture.height, picture.width];
  const program = trace(({ input, inputs }) => ({
    y: applyNetwork(description.network, inputs('p', parameters), input('x', shape)),
  }));
  const { y } = await run(cpu(), program, {
    ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [`p/${key}`, value])),
    x: { data: picture.data, shape, dtype: 'float32' },
  });
  return Float32Array.from(y?.data ?? [], (x: number | bigint) => Math.min(1, Math.max(0, Number(x))));
}

describe('an enlarged picture', () => {
  test.each(Object.entries(smallUpscalers))('is what the network says: %s', async (_, upscaler) => {
    const picture = noisyPicture(32, 16);
    const { scale } = upscaler.description;
    const result = await enlarged(picture, { weights: upscaler });
    expect([result.width, result.height]).toEqual([32 * scale, 16 * scale]);
    const { inside, deviation } = liveliness(result.data);
    expect(inside).toBeGreaterThan(0.3);
    expect(deviation).toBeGreaterThan(0.04);
    expect(largestDifference(result.data, await asWhole(upscaler, picture))).toBeLessThanOrEqual(1e-5);
  });

  test.each(Object.entries(smallUpscalers))('has no seams: %s', async (_, upscaler) => {
    // Twelve tiles, two of which end at no side of the picture; one that enlarges by 1 sees four times as far.
    const picture = noisyPicture(upscaler.description.scale === 1 ? 289 : 99, 67);
    const whole = await enlarged(picture, { weights: upscaler, tile: 4096 });
    const tiles = new Set<number>();
    const tiled = await enlarged(picture, {
      weights: upscaler,
      tile: 32,
      onProgress: (event) => void (event.kind === 'upscaling' && tiles.add(event.tile)),
    });
    expect(tiles.size).toBeGreaterThan(1);
    // Far below the 1/255 that could be seen.
    expect(largestDifference(tiled.data, whole.data)).toBeLessThanOrEqual(1e-5);
  });

  test('shows a seam where the margin is too small, so that the comparison means something', async () => {
    const picture = noisyPicture(61, 47);
    const short = { ...weights, description: { ...weights.description, reach: 0 } };
    const whole = await enlarged(picture);
    const tiled = await enlarged(picture, { weights: short, tile: 32 });
    expect(largestDifference(tiled.data, whole.data)).toBeGreaterThan(1 / 255);
  });

  test.each([
    [1, 1],
    [1, 40],
    [7, 3],
    [2, 2],
  ])('may be of %i × %i pixels', async (width, height) => {
    for (const upscaler of Object.values(smallUpscalers)) {
      const { scale } = upscaler.description;
      const result = await enlarged(noisyPicture(width, height), { weights: upscaler });
      expect([result.width, result.height]).toEqual([width * scale, height * scale]);
      expect(result.data.length).toBe(3 * width * height * scale ** 2);
      expect(result.data.every((x) => x >= 0 && x <= 1)).toBe(true);
    }
  });

  test('of a size that the network does not take is a part of the mirrored picture', async () => {
    const upscaler = smallUpscalers['RRDBNet ×1, un-shuffling'];
    const [width, height] = [13, 8];
    const picture = noisyPicture(width, height);
    const mirrored = Float32Array.from({ length: 3 * 16 * height }, (_, i) => {
      const [row, x] = [Math.floor(i / 16), i % 16];
      return picture.data[row * width + (x < width ? x : 2 * (width - 1) - x)] ?? Number.NaN;
    });
    const whole = await enlarged({ ...picture, width: 16, data: mirrored }, { weights: upscaler });
    const odd = await enlarged(picture, { weights: upscaler });
    const cut = Float32Array.from(odd.data, (_, i) => {
      const [row, x] = [Math.floor(i / width), i % width];
      return whole.data[row * 16 + x] ?? Number.NaN;
    });
    expect(largestDifference(odd.data, cut)).toBeLessThanOrEqual(1e-6);
  });
});

describe('another scale', () => {
  test.each([
    ['SRVGGNet ×4', 2],
    ['SRVGGNet ×4', 3],
    ['SRVGGNet ×3', 2],
    ['RRDBNet ×4', 3],
  ] as const)('is the result of %s resampled to ×%i, tile by tile too', async (name, scale) => {
    const upscaler = smallUpscalers[name];
    const picture = noisyPicture(75, 50);
    const full = await enlarged(picture, { weights: upscaler });
    const size = { width: 75 * scale, height: 50 * scale };
    const expected = bicubicResize(full.data, { ...full, channels: 3 }, size);
    for (const tile of [4096, 32]) {
      const result = await enlarged(picture, { weights: upscaler, scale, tile });
      expect(result).toMatchObject(size);
      expect(largestDifference(result.data, expected)).toBeLessThanOrEqual(1e-5);
    }
    expect(liveliness(expected).deviation).toBeGreaterThan(0.04);
  });

  test('of what the network does is no other scale', async () => {
    const picture = noisyPicture(9, 9);
    expect((await enlarged(picture, { scale: 4 })).data).toEqual((await enlarged(picture)).data);
  });
});

describe('what is not colour', () => {
  test('a grey picture stays grey: the mean of what its three equal planes become', async () => {
    const grey = noisyPicture(21, 16, { channels: 1, bitDepth: 16 });
    const data = new Float32Array([...grey.data, ...grey.data, ...grey.data]);
    for (const scale of [4, 3]) {
      const one = await enlarged(grey, { scale });
      const three = await enlarged({ ...grey, channels: 3, data }, { scale });
      const area = 21 * 16 * scale ** 2;
      expect(one).toMatchObject({ channels: 1, bitDepth: 16, width: 21 * scale });
      const mean = Float32Array.from({ length: area }, (_, i) =>
        [0, 1, 2].reduce((sum, c) => sum + (three.data[c * area + i] ?? Number.NaN) / 3, 0),
      );
      expect(largestDifference(one.data, mean)).toBeLessThan(1e-5);
    }
  });

  test('opacity is enlarged smoothly, at its own depth', async () => {
    // A round hole.
    const alpha = Uint16Array.from({ length: 20 * 16 }, (_, i) =>
      Math.hypot((i % 20) - 10, Math.floor(i / 20) - 8) < 5 ? 0 : 65_535,
    );
    const { alpha: large } = await enlarged(noisyPicture(20, 16, { alpha, bitDepth: 16 }));
    expect(large).toBeInstanceOf(Uint16Array);
    expect(large?.length).toBe(80 * 64);
    expect([large?.[0], large?.[32 * 80 + 40]]).toEqual([65_535, 0]);
    const between = Array.from(large ?? []).filter((value) => value > 0 && value < 65_535);
    expect(between.length).toBeGreaterThan(100);
    const exact = bicubicResize(
      Float32Array.from(alpha),
      { channels: 1, width: 20, height: 16 },
      { width: 80, height: 64 },
    );
    expect(Array.from(large ?? [])).toEqual(
      Array.from(exact, (value) => Math.min(65_535, Math.max(0, Math.round(value)))),
    );
  });

  test('opacity that is the same everywhere stays the same', async () => {
    for (const scale of [4, 2]) {
      const alpha = new Uint8Array(15 * 12).fill(201);
      const { alpha: large } = await enlarged(noisyPicture(15, 12, { alpha }), { scale });
      expect(large).toEqual(new Uint8Array(15 * 12 * scale ** 2).fill(201));
    }
  });

  test('depth, format and metadata are kept, and the picture given is not changed', async () => {
    const metadata = { icc: Uint8Array.of(1, 2, 3), density: { x: 300, y: 300 } };
    const picture = noisyPicture(15, 12, { bitDepth: 16, format: 'tiff', metadata });
    const before = picture.data.slice();
    const result = await enlarged(picture);
    expect(result).toMatchObject({ bitDepth: 16, format: 'tiff', metadata });
    expect(result).not.toHaveProperty('alpha');
    expect(picture.data).toEqual(before);
  });
});
