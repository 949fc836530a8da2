import { describe, expect, it } from 'vitest';
import { type Picture, readPicture } from '#src/images/index.js';
import { crop, degradeBicubic, sharpen } from '#src/upscale/index.js';
import type { Planes } from '#src/pixels/index.js';
import { pictureOf } from '../images/drawing.js';
import { drawPlanes } from './drawing.js';
import { pairFiles } from './pair-files.js';

const { batches, files } = pairFiles();

/** The patches of a batch, one by one. */
function patchesOf(values: Float32Array, side: number): Planes[] {
  const length = 3 * side * side;
  return Array.from({ length: values.length / length }, (_, i) => ({
    channels: 3,
    width: side,
    height: side,
    data: values.subarray(i * length, (i + 1) * length),
  }));
}

const isEqual = (a: Planes, b: Planes): boolean => a.data.every((value, i) => value === b.data[i]);

/** Flipped left to right, top to bottom, and mirrored at the diagonal, as the number's bits say. */
function turned({ channels, width, height, data }: Planes, posture: number): Planes {
  const swap = (posture & 4) > 0;
  const [w, h] = swap ? [height, width] : [width, height];
  const result = data.map((_, i) => {
    const [x, y, plane] = [i % w, Math.floor(i / w) % h, Math.floor(i / (w * h))];
    const [column, row] = swap ? [y, x] : [x, y];
    const from = [posture & 1 ? width - 1 - column : column, posture & 2 ? height - 1 - row : row] as const;
    return data[(plane * height + from[1]) * width + from[0]] ?? Number.NaN;
  });
  return { channels, width: w, height: h, data: result };
}

/** In which of the eight postures, and where in multiples of the scale, a patch lies in a picture. */
function placeOf(patch: Planes, picture: Planes): { posture: number; left: number; top: number } | undefined {
  const side = patch.width;
  for (let posture = 0; posture < 8; posture++) {
    const whole = turned(picture, posture);
    for (let top = 0; top + side <= whole.height; top += 4) {
      for (let left = 0; left + side <= whole.width; left += 4) {
        if (isEqual(crop(whole, { left, top, width: side, height: side }), patch))
          return { posture, left, top };
      }
    }
  }
  return undefined;
}

describe('pairs', () => {
  it('are the same for the same seed, from any step on, however many threads make them', async () => {
    const all = await batches(9);
    expect(await batches(9)).toEqual(all);
    expect(await batches(4, { startStep: 5 })).toEqual(all.slice(5));
    expect(await batches(9, { threads: 3, memory: 0, ahead: 1 })).toEqual(all);
    expect(await batches(9, { seed: 6 })).not.toEqual(all);
  });

  it('of the real-world kind too', async () => {
    const options = { kind: 'real-world', patch: 16, crop: 24 } as const;
    const all = await batches(5, options);
    expect(await batches(2, { ...options, startStep: 3, threads: 2 })).toEqual(all.slice(3));
    for (const { high, low, sharpened } of all) {
      expect([high.length, low.length, sharpened?.length]).toEqual([3 * 3 * 256, 3 * 3 * 16, 3 * 3 * 256]);
      expect(sharpened).not.toEqual(high);
    }
  });

  it('of the kind mixed begin with clean ones and photographs, which also come without noise and JPEG', async () => {
    const options = { kind: 'mixed', crop: 24, batch: 5, clean: true } as const;
    const all = await batches(4, options);
    expect(await batches(2, { ...options, startStep: 2, threads: 2 })).toEqual(all.slice(2));
    const seen = all.map(({ low, clean = low }) =>
      patchesOf(low, 4).map((patch, i) => isEqual(patch, patchesOf(clean, 4)[i] ?? patch)),
    );
    // What is real-world is not told apart.
    for (const same of seen) expect(same.slice(3)).toEqual([true, true]);
    expect(seen.flatMap((same) => same.slice(0, 3))).not.toContain(true);
    const [photos] = await batches(1, { ...options, kind: 'photo' });
    const [mixed] = all;
    // The first is clean: what rounding leaves.
    const firstOf = (values?: Float32Array): readonly number[] => Array.from(values?.subarray(0, 48) ?? []);
    const [low, clean] = [firstOf(mixed?.low), firstOf(mixed?.clean)];
    expect(Math.max(...low.map((value, i) => Math.abs(value - (clean[i] ?? 1))))).toBeLessThan(0.502 / 255);
    const area = 3 * 16 * 16;
    expect(mixed?.high.subarray(area, 3 * area)).toEqual(photos?.high.subarray(area, 3 * area));
    expect((await batches(1, { ...options, clean: false }))[0]).not.toHaveProperty('clean');
  });

  it('of one degraded square go to different batches, the same from any step on and for any number of threads', async () => {
    const options = { kind: 'real-world', patch: 16, crop: 24, batch: 5 } as const;
    for (const patchesPerSquare of [3, 8]) {
      const all = await batches(7, { ...options, patchesPerSquare });
      expect(await batches(7, { ...options, patchesPerSquare, threads: 3, memory: 0, ahead: 1 })).toEqual(
        all,
      );
      for (const startStep of [1, 4])
        expect(await batches(3, { ...options, patchesPerSquare, startStep, threads: 2 })).toEqual(
          all.slice(startStep, startStep + 3),
        );
    }
  });

  it('share squares only between batches that lie as far apart as a square has patches', async () => {
    // Pictures of one value each tell which picture, and so mostly which square, a patch is of.
    const n = 4;
    const pictures = Array.from({ length: 200 }, (_, i): Picture => {
      const picture = pictureOf(24, 24);
      return { ...picture, data: new Float32Array(picture.data.length).fill((i + 1) / 256) };
    });
    const options = { kind: 'real-world', crop: 24, files: [], pictures, batch: 4, sharpen: false } as const;
    const all = await batches(8 * n, { ...options, patchesPerSquare: n });
    const squares = all.map(({ high }) => patchesOf(high, 16).map(({ data }) => data[0] ?? 0));
    const counts: number[] = [];
    for (let step = n; step < squares.length; step++) {
      const before = squares[step - n] ?? [];
      counts.push((squares[step] ?? []).filter((value, i) => value !== before[i]).length);
    }
    // One pair of four takes a new square in each batch, but for pictures that are drawn twice in a row.
    expect(counts.filter((count) => count === 1).length).toBeGreaterThan(0.85 * counts.length);
    expect(Math.max(...counts)).toBe(1);
    const uses = new Map<number, number>();
    for (const value of squares.flat()) uses.set(value, (uses.get(value) ?? 0) + 1);
    expect(uses.size).toBeGreaterThan(30);
  });

  it('of the bicubic kind are parts of the picture and of the degraded whole picture, in eight postures', async () => {
    const picture: Picture = { ...pictureOf(46, 35), data: drawPlanes(46, 35).data };
    const whole = crop({ ...picture, channels: 3 }, { left: 0, top: 0, width: 44, height: 32 });
    const degraded = degradeBicubic(whole, 4);
    const postures = new Set<number>();
    const places = new Set<string>();
    for (const { high, low } of await batches(30, { files: [], pictures: [picture] })) {
      const small = patchesOf(low, 4);
      for (const [i, patch] of patchesOf(high, 16).entries()) {
        const place = placeOf(patch, whole);
        if (place === undefined) expect.fail('the patch is no part of the picture');
        postures.add(place.posture);
        places.add(`${place.posture} ${place.left} ${place.top}`);
        const expected = crop(turned(degraded, place.posture), {
          ...{ left: place.left / 4, top: place.top / 4, width: 4, height: 4 },
        });
        expect(small[i]?.data).toEqual(expected.data);
      }
    }
    expect(postures.size).toBe(8);
    expect(places.size).toBeGreaterThan(50);
  });

  it('lie upright without augmentation, and reach every edge of the picture', async () => {
    const picture: Picture = { ...pictureOf(28, 24), data: drawPlanes(28, 24).data };
    const lefts = new Set<number>();
    for (const { high } of await batches(20, { files: [], pictures: [picture], augment: false })) {
      for (const patch of patchesOf(high, 16)) {
        const place = placeOf(patch, { ...picture, channels: 3 });
        expect(place?.posture).toBe(0);
        lefts.add(place?.left ?? Number.NaN);
      }
    }
    expect([...lefts].sort((a, b) => a - b)).toEqual([0, 4, 8, 12]);
  });

  it('of the real-world kind show the same place', async () => {
    // Four flat quarters survive every degradation.
    const quarters = Float32Array.from(
      { length: 3 * 96 * 96 },
      (_, i) => (i % 96 < 48 ? 0.2 : 0.5) + (Math.floor(i / 96) % 96 < 48 ? 0 : 0.25),
    );
    const picture: Picture = { ...pictureOf(96, 96), data: quarters };
    const options = { kind: 'real-world', patch: 64, crop: 80, files: [], pictures: [picture] } as const;
    for (const { high, low } of await batches(8, options)) {
      const small = patchesOf(low, 16);
      for (const [i, patch] of patchesOf(high, 64).entries()) {
        const expected = degradeBicubic(patch, 4).data;
        const got = small[i]?.data ?? new Float32Array(0);
        const error = expected.reduce((sum, value, k) => sum + Math.abs(value - (got[k] ?? 1)), 0);
        expect(error / expected.length).toBeLessThan(0.13); // places that do not match differ by 0.2 and more
      }
    }
  });

  it('come with sharpened patches where these are wanted', async () => {
    const [batch] = await batches(1, { sharpen: true, patch: 24 });
    if (batch?.sharpened === undefined) expect.fail('nothing is sharpened');
    expect((await batches(1))[0]?.sharpened).toBeUndefined();
    const sharp = patchesOf(batch.sharpened, 24);
    patchesOf(batch.high, 24).forEach((patch, i) => {
      expect(sharp[i]).toEqual(sharpen(patch));
    });
    const plain = await batches(1, { kind: 'real-world', sharpen: false, crop: 24 });
    expect(plain[0]?.sharpened).toBeUndefined();
  });

  it('are the same from pictures in memory as from their files, deep and grey ones too', async () => {
    const pictures = await Promise.all(files.map((file) => readPicture(file)));
    expect(await batches(6, { files: [], pictures })).toEqual(await batches(6));
  });
});
