import { describe, expect, test } from 'vitest';
import { keepDetail, measureNoise } from '#src/denoise/index.js';
import { restrainByNoise } from '#src/denoise/restrain/restrain-by-noise.js';
import { inFloats, leanPictureOf, type LeanPicture, type Picture, readPicture } from '#src/images/index.js';
import { broughtBack, extractTile, multiplied, rangeFactor } from '#src/pixels/index.js';
import { draw } from '../images/drawing.js';

const [width, height] = [90, 70];

/** A noisy slope, as it lies in its file and in floats. */
async function both(
  bands: 1 | 3 | 4,
  bits: 8 | 16,
  most = 1,
): Promise<{ readonly lean: LeanPicture; readonly floats: Picture }> {
  const white = 2 ** bits - 1;
  const count = width * height * bands;
  const samples = bits === 8 ? new Uint8Array(count) : new Uint16Array(count);
  const values = samples.map((_, i) =>
    Math.round(most * white * (0.1 + (0.7 * i) / count + (((i * 7919) % 101) / 101) * 0.1)),
  );
  const bytes = await draw(width, height, bands, values).png().toBuffer();
  return { lean: await leanPictureOf(bytes), floats: await readPicture(bytes) };
}

const size = { channels: 3, width, height } as const;

describe.for([
  [1, 8],
  [3, 8],
  [4, 8],
  [3, 16],
  [4, 16],
] as const)('a picture of %i bands of %i bits', ([bands, bits]) => {
  test('lies as in its file, and is the same in floats', async () => {
    const { lean, floats } = await both(bands, bits);
    if (lean.data instanceof Float32Array) expect.fail('it is of floats');
    expect(lean.data.samples).toHaveLength(bands * width * height);
    expect(lean.data.samples.BYTES_PER_ELEMENT).toBe(bits / 8);
    expect(await inFloats(lean)).toEqual({ ...floats });
  });

  test('gives the same tiles, over its edges too', async () => {
    const { lean, floats } = await both(bands, bits);
    for (const rect of [
      { x: 20, y: 10, width: 30, height: 20 },
      { x: -20, y: -5, width: 60, height: 30 },
      { x: 60, y: 50, width: 64, height: 64 },
    ])
      expect(extractTile(lean.data, lean.channels, height, width, rect)).toEqual(
        extractTile(floats.data, lean.channels, height, width, rect),
      );
  });
});

test('its noise is measured, and held to, as that of floats', async () => {
  const { lean, floats } = await both(3, 8);
  const noise = measureNoise(floats);
  expect(measureNoise(lean)).toEqual(noise);
  const denoised = floats.data.map(
    (value, i) => 0.5 * value + 0.25 * ((floats.data[i + 1] ?? value) + value),
  );
  const how = { noise: { ...noise, evidence: 1 }, luma: 1, chroma: 0.5, tolerance: 1 };
  for (const detailBy of ['measured', 'residual'] as const)
    expect(restrainByNoise(lean.data, denoised.slice(), size, { ...how, detailBy })).toEqual(
      restrainByNoise(floats.data, denoised.slice(), size, { ...how, detailBy }),
    );
  expect(keepDetail(lean.data, denoised, size)).toEqual(keepDetail(floats.data, denoised, size));
});

test('one that lies low is multiplied, and brought back, as in floats', async () => {
  const { lean, floats } = await both(3, 16, 0.02);
  const factor = rangeFactor(floats);
  expect(factor).toBeGreaterThan(2);
  expect(rangeFactor(lean)).toBe(factor);
  const mapped = await multiplied(floats, factor);
  expect((await inFloats(await multiplied(lean, factor))).data).toEqual(mapped.data);
  const made = mapped.data.map((value) => 0.9 * value + 0.06);
  expect(broughtBack(lean.data, made.slice(), factor, size)).toEqual(
    broughtBack(floats.data, made.slice(), factor, size),
  );
});
