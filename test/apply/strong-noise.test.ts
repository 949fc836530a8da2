import { expect, test } from 'vitest';
import type { TileProgress } from '#src/apply/index.js';
import { intendedFor, removeNoise } from '#src/apply/remove-noise.js';
import { inFloats, type LeanPicture, type Picture } from '#src/pixels/index.js';
import { scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';

/** A drawn picture with noise of this deviation, of 255. */
const noisy = (deviation: number): Picture => ({
  ...withNoise(scene(), () => deviation / 255),
  ...{ bitDepth: 8, format: 'png', metadata: {} },
});

/** A network that takes half of the way to the mean of 3×3 pixels, and says how often it was asked and what it was shown. */
function counted() {
  const shown: Float32Array[] = [];
  return {
    shown,
    apply: async (picture: LeanPicture, listener: { onTile?: (tile: TileProgress) => void } = {}) => {
      const { width, height, channels } = picture;
      const values = Float32Array.from((await inFloats(picture)).data);
      shown.push(values);
      const data = values.map((value, i) => {
        const beside = [i - width, i - 1, i + 1, i + width].map((k) => values[k] ?? value);
        return 0.5 * value + 0.125 * beside.reduce((sum, v) => sum + v, 0);
      });
      for (const tile of [1, 2]) listener.onTile?.({ tile, tiles: 2 });
      return { ...picture, width, height, channels, data } as Picture;
    },
  };
}

const settings = { luma: 1, chroma: 1, detail: 0.5, bare: false };

test('a network is shown its own result once more where noise is strong, and not where it is weak', async () => {
  for (const [deviation, times] of [
    [3, 1],
    [12, 2],
  ] as const) {
    const picture = noisy(deviation);
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
      expect(unrest(after)).toBeLessThan(0.8 * unrest(before));
      expect(picture).toEqual(noisy(deviation));
    }
  }
});
