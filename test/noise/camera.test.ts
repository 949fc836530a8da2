import { describe, expect, it } from 'vitest';
import {
  addFilmGrain,
  addNoise,
  cameraNoise,
  demosaic,
  demosaickings,
  drawCamera,
  filmGrain,
  noisyPair,
  photograph,
  withAmount,
} from '#src/noise/index.js';
import { createRandom } from '#src/random.js';
import { drawPlanes, flat, momentsOf } from '../upscale/drawing.js';

const quiet = {
  ...{ shot: 0, read: 0, rowBanding: 0, columnBanding: 0, hotPixels: 0 },
  ...{ steps: 2 ** 24, clipsBlack: true },
};

/** One sample of each pixel, in the pattern RGGB. */
function mosaicOf(value: (channel: number, x: number, y: number) => number, width: number, height: number) {
  const data = Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return value((x & 1) + (y & 1), x, y);
  });
  return { width, height, data };
}

describe('demosaicking', () => {
  it.each(demosaickings)('%s keeps a flat colour, up to the edges', (how) => {
    const colours = [0.7, 0.2, 0.4];
    const planes = demosaic(
      mosaicOf((channel) => colours[channel] ?? 0, 13, 10),
      how,
    );
    planes.forEach((value, i) => {
      expect(value).toBeCloseTo(colours[Math.floor(i / 130)] ?? 0, 5);
    });
  });

  it.each(demosaickings)('%s finds a grey ramp, but for the edges', (how) => {
    const ramp = (x: number, y: number): number => 0.02 * x + 0.01 * y;
    const planes = demosaic(
      mosaicOf((_, x, y) => ramp(x, y), 16, 16),
      how,
    );
    for (let channel = 0; channel < 3; channel++)
      for (const [x, y] of [
        [5, 5],
        [6, 5],
        [5, 6],
        [6, 6],
      ] as const)
        expect(planes[(channel * 16 + y) * 16 + x]).toBeCloseTo(ramp(x, y), 5);
  });

  it('malvar spreads one red sample as the published filters say, in eighths', () => {
    const planes = demosaic(
      mosaicOf((_, x, y) => (x === 8 && y === 8 ? 8 : 0), 17, 17),
      'malvar',
    );
    const at = (channel: number, dx: number, dy: number) => planes[(channel * 17 + 8 + dy) * 17 + 8 + dx];
    expect([0, 1, 2].map((channel) => at(channel, 0, 0))).toEqual([8, 4, 6]);
    expect([at(0, 1, 0), at(0, 0, 1), at(0, 1, 1)]).toEqual([4, 4, 2]);
    expect([at(1, 2, 0), at(1, 0, -2), at(2, 2, 0), at(2, 0, -2)]).toEqual([-1, -1, -1.5, -1.5]);
    expect([at(1, 1, 0), at(2, 1, 0), at(0, 3, 0)]).toEqual([0, 0, 0]);
  });

  it('hamilton-adams keeps a vertical edge that bilinear softens', () => {
    const edge = mosaicOf((_, x) => (x < 8 ? 0.2 : 0.8), 16, 16);
    const row = (how: 'bilinear' | 'hamilton-adams') => {
      const green = demosaic(edge, how).subarray(256 + 5 * 16, 256 + 6 * 16);
      return [green[7], green[8]].map((value) => Math.round(100 * (value ?? 0)) / 100);
    };
    expect(row('hamilton-adams')).toEqual([0.2, 0.8]);
    expect(row('bilinear')).not.toEqual([0.2, 0.8]);
  });
});

describe('a camera', () => {
  const picture = drawPlanes(48, 40);

  it('without noise takes two pictures that are the same', () => {
    for (let seed = 0; seed < 6; seed++) {
      const camera = { ...drawCamera(createRandom(seed)), noise: quiet };
      const { clean, noisy } = photograph(picture, camera, createRandom(1));
      const difference = clean.data.map((value, i) => Math.abs(value - (noisy.data[i] ?? 0)));
      expect(Math.max(...difference)).toBeLessThan(1e-4);
    }
  });

  it('without a mosaic, darkness and noise gives back the picture, but where a colour leaves the sensor’s range', () => {
    const camera = {
      ...drawCamera(createRandom(4)),
      ...({ noise: quiet, exposure: 1, demosaicking: 'none' } as const),
    };
    const grey = flat(0.4, 8, 8);
    const { clean } = photograph(grey, camera, createRandom(1));
    for (const value of clean.data) expect(value).toBeCloseTo(0.4, 2);
  });

  it('leaves the mean of a grey field where nothing is clipped', () => {
    const camera = drawCamera(createRandom(2));
    const noise = { ...camera.noise, shot: 1e-3, read: 1e-5, hotPixels: 0, clipsBlack: false };
    const shot = photograph(flat(0.5, 128, 128), { ...camera, noise, exposure: 1 }, createRandom(1));
    // The tone curve is bent, so that the mean is not quite kept.
    const moved = momentsOf(shot.noisy.data).mean - momentsOf(shot.clean.data).mean;
    expect(Math.abs(moved)).toBeLessThan(0.01);
    expect(momentsOf(shot.noisy.data).deviation).toBeGreaterThan(0.005);
  });

  it('is drawn with more noise at a larger amount', async () => {
    const deviation = async (amount: number) => {
      const noisy = await addNoise(flat(0.5, 64, 64), createRandom(5), withAmount(cameraNoise, amount));
      return momentsOf(noisy.data).deviation;
    };
    const [least, middle, most] = [await deviation(0), await deviation(50), await deviation(100)];
    expect(least).toBeLessThan(middle / 2);
    expect(middle).toBeLessThan(most / 2);
    for (const amount of [-1, 101, Number.NaN])
      expect(() => withAmount(cameraNoise, amount)).toThrow('from 0 to 100');
  });
});

describe('drawn cameras', () => {
  const drawn = Array.from({ length: 400 }, (_, seed) => drawCamera(createRandom(seed)).noise);
  const share = (of: (noise: (typeof drawn)[number]) => boolean) => drawn.filter(of).length / drawn.length;

  it('have bands, stuck samples and converters as often as the settings say', () => {
    expect(share(({ rowBanding }) => rowBanding > 0)).toBeCloseTo(0.15, 1);
    expect(share(({ columnBanding }) => columnBanding > 0)).toBeCloseTo(0.05, 1);
    expect(share(({ hotPixels }) => hotPixels > 0)).toBeCloseTo(0.1, 1);
    for (const { read, rowBanding, columnBanding, hotPixels } of drawn) {
      expect(rowBanding).toBeLessThanOrEqual(0.6 * Math.sqrt(read));
      expect(columnBanding).toBeLessThanOrEqual(0.3 * Math.sqrt(read));
      expect(hotPixels).toBeLessThanOrEqual(1e-3);
    }
    expect(new Set(drawn.map(({ steps }) => steps))).toEqual(new Set([1023, 4095, 16_383]));
  });
});

describe('film grain', () => {
  it('is strongest in the middle tones and related to the pixels beside', () => {
    const film = { strength: 0.05, size: 1.2, colour: 0, scanner: 0 };
    const grained = (value: number) => addFilmGrain(flat(value, 128, 128), film, createRandom(1)).data;
    const middle = grained(0.5);
    expect(momentsOf(middle).deviation).toBeCloseTo(0.05, 2);
    expect(momentsOf(grained(0.03)).deviation).toBeLessThan(0.03);
    const products = middle.subarray(1, 16_384).map((x, i) => (x - 0.5) * ((middle[i] ?? 0) - 0.5));
    expect(momentsOf(products).mean).toBeGreaterThan(0.5 * 0.05 ** 2);
    expect(middle.subarray(0, 100)).toEqual(middle.subarray(16_384, 16_484)); // black and white
  });
});

describe('a noisy pair', () => {
  it('depends on the generator alone', async () => {
    const picture = drawPlanes(64, 64);
    for (let seed = 0; seed < 8; seed++) {
      const [one, other] = [
        await noisyPair(picture, createRandom(seed), { least: 48 }),
        await noisyPair(picture, createRandom(seed), { least: 48 }),
      ];
      expect(one).toEqual(other);
      const { clean, noisy } = one;
      expect([noisy.width, noisy.height]).toEqual([clean.width, clean.height]);
      expect(Math.min(clean.width, clean.height)).toBeGreaterThanOrEqual(48);
      for (const { data } of [clean, noisy])
        expect(data.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it('keeps size and greyness where only noise is added', async () => {
    const grey = await addNoise(drawPlanes(31, 25, 1), createRandom(3), filmGrain);
    expect(grey).toMatchObject({ channels: 1, width: 31, height: 25 });
    expect(grey.data).toHaveLength(31 * 25);
  });
});
