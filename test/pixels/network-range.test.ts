import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inFloats, inNetworkRange, type Picture, rangeFactor, readPicture } from '#src/images/index.js';
import { denoise } from '#src/api/index.js';
import { createRandom } from '#src/nn/index.js';
import { sharedFolder } from '../shared.js';

/** A grey picture of 16 bits with these values of 65535. */
function deep(values: readonly number[], changes: Partial<Picture> = {}): Picture {
  const data = Float32Array.from(values, (value) => value / 65_535);
  return {
    ...{ width: values.length, height: 1, channels: 1, data, bitDepth: 16, format: 'png', metadata: {} },
    ...changes,
  };
}
const ramp = (count: number, top: number): number[] =>
  Array.from({ length: count }, (_, i) => (top * i) / (count - 1));

describe('the range of a picture', () => {
  test.each<readonly [string, Picture, number]>([
    ['of 12 bits in 16', deep(ramp(1000, 4095)), 14.4],
    ['of a constant', deep(ramp(100, 0).map(() => 160)), 368.6],
    ['of a photograph', deep(ramp(1000, 60_000)), 1],
    ['of 8 bits, however dark', deep(ramp(1000, 600), { bitDepth: 8 }), 1],
    ['of nothing but black', deep(ramp(100, 0)), 1],
  ])('%s', (_, picture, factor) => {
    expect(rangeFactor(picture)).toBeCloseTo(factor, 0);
  });

  test('a few stars do not count, unless all values are to be below 1', () => {
    const sky = deep([...ramp(1000, 1000), 60_000, 50_000]);
    expect(rangeFactor(sky)).toBeGreaterThan(50);
    expect(rangeFactor(sky, 1)).toBe(1);
  });
});

describe('work in the range of networks', () => {
  const random = createRandom(7);
  const sky = deep([...Array.from({ length: 2000 }, () => 900 + 100 * random.uniform()), 60_000, 3]);

  test('is brought back, with the mean, and what lay beyond the range as it was', async () => {
    let seen = 0;
    const result = await inNetworkRange(sky, async (mapped) => {
      const picture = await inFloats(mapped);
      seen = Math.max(...picture.data);
      // A network that errs: everything is a little too bright.
      return { ...picture, data: picture.data.map((value) => 0.9 * value + 0.06) };
    });
    expect(seen).toBe(1);
    expect(result.data[2000]).toBe(sky.data[2000]);
    const mean = (data: Float32Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;
    expect(mean(result.data) / mean(sky.data)).toBeCloseTo(1, 3);
  });

  test('changes nothing for other pictures', async () => {
    const photograph = deep(ramp(1000, 60_000));
    expect(await inNetworkRange(photograph, async (picture) => inFloats(picture))).toEqual(photograph);
  });
});

test('a picture that lies low comes nearer to the truth, with its mean; a constant stays', async (context) => {
  const folder = sharedFolder(context, 'cases', 'train-low-signal-16bit');
  const read = async (name: string) => readPicture(join(folder, name));
  const options = { adapt: false, device: 'cpu', threads: 1 } as const;
  const [noisy, clean] = [await read('noisy.png'), await read('clean.png')];
  const error = ({ data }: Picture): number =>
    65_535 *
    Math.sqrt(data.reduce((sum, value, i) => sum + (value - (clean.data[i] ?? 0)) ** 2, 0) / data.length);
  expect(error(noisy)).toBeGreaterThan(13);
  expect(error(await denoise(noisy, options))).toBeLessThan(10);
  const constant = await denoise(await read('constant160.png'), options);
  for (const value of constant.data) expect(Math.abs(65_535 * value - 160)).toBeLessThan(4);
});
