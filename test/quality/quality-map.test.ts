import { describe, expect, test } from 'vitest';
import { markedAsResult, type Picture } from '#src/images/index.js';
import {
  coverageOf,
  heatMap,
  meanGrid,
  qualitiesOf,
  type QualityMap,
  shownPart,
} from '#src/quality/index.js';
import { refusal } from '../weights/files.js';

const grid = (rows: number, columns: number, ...data: readonly number[]) => ({
  ...{ rows, columns },
  data: Float32Array.from(data),
});

describe('grids', () => {
  test('of logits become qualities', () => {
    const { data } = qualitiesOf(grid(1, 3, -1000, 0, 1000));
    expect([...data]).toEqual([0, 0.5, 1]);
  });

  test('are averaged on the finest, the coarser ones between their places', () => {
    const { rows, columns, data } = meanGrid([grid(2, 4, 0, 0, 0, 0, 0, 0, 0, 0), grid(1, 2, 0, 8)]);
    expect([rows, columns]).toEqual([2, 4]);
    expect([...data]).toEqual([0, 1, 3, 4, 0, 1, 3, 4]);
  });

  test('count by how much of each place the picture covers', () => {
    const coverage = coverageOf({ rows: 3, columns: 2 }, 1.25, 1.5);
    const shares = [1, 0.5, 0.25, 0.125, 0, 0].map((share) => share / (1.25 * 1.5));
    for (const [i, share] of shares.entries()) expect(coverage[i]).toBeCloseTo(share, 6);
    expect(coverage.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  test('lose the places of the padding alone', () => {
    const part = shownPart(grid(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9), 1.5, 2);
    expect(part).toEqual(grid(2, 2, 1, 2, 4, 5));
  });
});

describe('a map laid over its picture', () => {
  const map: QualityMap = { ...grid(1, 2, 0, 1), down: 1, across: 2, score: 0.5 };
  const picture: Picture = {
    ...{
      width: 8,
      height: 2,
      channels: 3,
      bitDepth: 16,
      format: 'jpeg',
      metadata: { density: { x: 72, y: 72 } },
    },
    data: Float32Array.from({ length: 48 }, (_, i) => (i % 16) / 16),
  };
  const pixel = ({ data }: Picture, x: number) => [0, 1, 2].map((c) => data[16 * c + x] ?? Number.NaN);

  test('is red where it is bad and blue where it is good', () => {
    const drawn = heatMap(map, picture, { opacity: 1 });
    expect([drawn.width, drawn.height, drawn.channels, drawn.bitDepth]).toEqual([8, 2, 3, 8]);
    // Nothing of what the picture says but what it is.
    expect(drawn.metadata).toEqual(markedAsResult({}, 'map'));
    const [bad, good] = [pixel(drawn, 0), pixel(drawn, 7)];
    expect((bad[0] ?? 0) - (bad[2] ?? 0)).toBeGreaterThan(0.4);
    expect((good[2] ?? 0) - (good[0] ?? 0)).toBeGreaterThan(0.4);
    expect(drawn.data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  test('shows the picture in grey as far as it is transparent', () => {
    const grey = pixel(heatMap(map, picture, { opacity: 0 }), 3);
    for (const channel of grey) expect(channel).toBeCloseTo(3 / 16, 6);
    const half = pixel(heatMap(map, picture, { opacity: 0.5 }), 3);
    const full = pixel(heatMap(map, picture, { opacity: 1 }), 3);
    for (const [c, value] of half.entries()) expect(value).toBeCloseTo((3 / 16 + (full[c] ?? 0)) / 2, 6);
  });

  test('takes other ends of the colours, its own among them', () => {
    const narrow: QualityMap = { ...map, data: Float32Array.of(0.4, 0.5) };
    const own = heatMap(narrow, picture, { range: 'own' });
    expect(own.data).toEqual(heatMap(narrow, picture, { range: [Math.fround(0.4), 0.5] }).data);
    expect(own.data).not.toEqual(heatMap(narrow, picture).data);
    const flat = heatMap({ ...map, data: Float32Array.of(0.4, 0.4) }, picture, { range: 'own' });
    expect(flat.data.some(Number.isNaN)).toBe(false);
  });

  test('is smaller than a picture with a longer side, and shows the same', () => {
    const drawn = heatMap(map, picture, { opacity: 0.5, longSide: 4 });
    expect([drawn.width, drawn.height, drawn.data.length]).toEqual([4, 1, 12]);
    const whole = heatMap(map, picture, { opacity: 0.5 });
    for (const x of [0, 3])
      for (const c of [0, 1, 2]) {
        const both = ((pixel(whole, 2 * x)[c] ?? 0) + (pixel(whole, 2 * x + 1)[c] ?? 0)) / 2;
        // The rows of the picture differ by a half.
        expect(Math.abs((drawn.data[4 * c + x] ?? Number.NaN) - 0.125 - both)).toBeLessThan(0.02);
      }
    const long: Picture = { ...picture, width: 2050, height: 2, data: new Float32Array(3 * 2 * 2050) };
    expect(heatMap(map, long).width).toBe(2048);
  });

  test('is not drawn by options that cannot be', async () => {
    expect(await refusal(() => heatMap(map, picture, { opacity: 2 }))).toMatch(/opacity.*from 0 to 1/);
    expect(await refusal(() => heatMap(map, picture, { range: [1, 0] }))).toMatch(/upwards/);
    expect(await refusal(() => heatMap(map, picture, { longSide: 0 }))).toMatch(/above 0, got 0/);
  });
});
