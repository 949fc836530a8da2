import { expect, test } from 'vitest';
import type { TileProgress } from '#src/apply/index.js';
import { intendedFor, removeNoise } from '#src/apply/remove-noise.js';
import { inFloats, type LeanPicture, type Picture } from '#src/pixels/index.js';
import { scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';

/** A drawn picture with noise of this deviation, of 255, as fine as the pixels or as coarse as a camera's. */
function noisy(deviation: number, coarse = false): Picture {
  const base = scene();
  const fine = withNoise(base, () => (coarse ? 2.2 : 1) * (deviation / 255));
  const { width } = fine;
  const near = [-width - 1, -width, -width + 1, -1, 0, 1, width - 1, width, width + 1];
  const noise = fine.data.map((value, i) => value - (base.data[i] ?? 0));
  const mean = (i: number): number => near.reduce((sum, k) => sum + (noise[i + k] ?? 0), 0) / 9;
  const data = coarse ? base.data.map((value, i) => value + mean(i)) : fine.data;
  return { ...fine, data, ...{ bitDepth: 8, format: 'png', metadata: {} } };
}

/** A network that goes a part of the way to the mean of what is beside a pixel, and says how often it was asked and what it was shown. */
function counted(part = 0.5) {
  const shown: Float32Array[] = [];
  return {
    shown,
    apply: async (picture: LeanPicture, listener: { onTile?: (tile: TileProgress) => void } = {}) => {
      const { width, height, channels } = picture;
      const values = Float32Array.from((await inFloats(picture)).data);
      shown.push(values);
      const data = values.map((value, i) => {
        const beside = [i - width, i - 1, i + 1, i + width].map((k) => values[k] ?? value);
        return (1 - part) * value + (part / 4) * beside.reduce((sum, v) => sum + v, 0);
      });
      for (const tile of [1, 2]) listener.onTile?.({ tile, tiles: 2 });
      return { ...picture, width, height, channels, data } as Picture;
    },
  };
}

const settings = { luma: 1, chroma: 1, detail: 0.5, bare: false };

test('a network is shown its own result once more where there is no doubt that it is noise, and much of it', async () => {
  for (const [deviation, coarse, times] of [
    [3, false, 1],
    [6, true, 1],
    [12, false, 2],
  ] as const) {
    const picture = noisy(deviation, coarse);
    const network = counted();
    const tiles: TileProgress[] = [];
    const made = await removeNoise(
      network,
      picture,
      await intendedFor(picture, { strength: 1 }),
      settings,
      undefined,
      {
        onTile: (tile) => tiles.push(tile),
      },
    );
    expect(network.shown).toHaveLength(times);
    // Progress is told as of one round.
    expect(tiles).toEqual(Array.from({ length: 2 * times }, (_, i) => ({ tile: i + 1, tiles: 2 * times })));
    expect(made.facts.removed).toBeGreaterThan(1);
    // What it is shown then has less noise, and the picture that was given keeps its own.
    if (times === 2) {
      const unrest = (values: Float32Array<ArrayBufferLike>): number =>
        values.reduce((sum, v, i) => sum + Math.abs(v - (values[i + 1] ?? v)), 0);
      const [before = new Float32Array(), after = before] = network.shown;
      expect(unrest(after)).toBeLessThan(0.9 * unrest(before));
      expect(picture).toEqual(noisy(deviation, coarse));
    }
  }
});
