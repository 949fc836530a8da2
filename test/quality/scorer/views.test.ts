import { expect, test } from 'vitest';
import { rasterOf } from '#src/images/index.js';
import { scoreOfViews, scorerViews } from '#src/quality/index.js';
import { shrinkByArea, type Planes } from '#src/pixels/index.js';
import { drawPlanes, flat } from '../../upscale/drawing.js';
import { refusal } from '../pictures.js';

const viewsOf = (picture: Planes) => scorerViews(rasterOf(picture), 16);

test('means of areas, pixels that are cut counting in part', () => {
  const picture = { channels: 1, width: 3, height: 2, data: Float32Array.of(0, 3, 6, 6, 9, 12) };
  // Columns 0…1.5 and 1.5…3 of both rows.
  const shrunk = shrinkByArea(rasterOf(picture), { width: 2, height: 1 });
  expect(shrunk[0]).toBeCloseTo((0 + 6 + 0.5 * (3 + 9)) / 3, 6);
  expect(shrunk[1]).toBeCloseTo((6 + 12 + 0.5 * (3 + 9)) / 3, 6);
  expect(shrinkByArea(rasterOf(picture), picture)).toEqual(picture.data);
});

test('interleaved integers with an opacity give the same', () => {
  const samples = Uint8Array.of(0, 255, 9, 51, 102, 9, 204, 255, 9, 255, 0, 9);
  const interleaved = { width: 2, height: 2, channels: 1, samples, pixelStep: 3, channelStep: 1, white: 255 };
  expect(shrinkByArea(interleaved, { width: 1, height: 1 })[0]).toBeCloseTo((0 + 0.2 + 0.8 + 1) / 4, 6);
});

test('the mean of a picture stays', () => {
  const planes = drawPlanes(301, 207);
  const mean = (data: Float32Array): number => data.reduce((sum, x) => sum + x, 0) / data.length;
  expect(mean(shrinkByArea(rasterOf(planes), { width: 97, height: 64 }))).toBeCloseTo(mean(planes.data), 5);
});

test('a small picture is one view, continued to multiples by reflection', () => {
  const { overview, size, details } = viewsOf(drawPlanes(100, 70));
  expect([overview.width, overview.height, overview.channels]).toEqual([112, 80, 3]);
  expect(size).toEqual({ width: 100, height: 70 });
  expect(details).toEqual([]);
  // The first column beyond the picture is the one before its last.
  expect(overview.data[100]).toBe(overview.data[98]);
});

test('grey is three channels that are alike', () => {
  const { overview } = viewsOf(drawPlanes(64, 64, 1));
  const area = 64 * 64;
  expect(overview.data.subarray(area, 2 * area)).toEqual(overview.data.subarray(0, area));
});

test('a large picture is an overview of 1024 pixels and five details as they are', () => {
  const picture = drawPlanes(1600, 700);
  const { overview, size, details } = viewsOf(picture);
  expect(size).toEqual({ width: 1024, height: 448 });
  expect([overview.width, overview.height]).toEqual([1024, 448]);
  expect(details).toHaveLength(5);
  for (const { width, height } of details) expect([width, height]).toEqual([256, 256]);
  // The middle of the middle one is the middle of the picture.
  const line = picture.data.subarray(350 * 1600 + 672, 350 * 1600 + 672 + 256);
  expect(details[0]?.data.subarray(128 * 256, 129 * 256)).toEqual(
    line.map((value) => Math.min(1, Math.max(0, value))),
  );
});

test('what cannot be judged is refused with the reason', () => {
  expect(refusal(() => viewsOf(drawPlanes(63, 200)))).toContain('63×200 pixels is too small');
  expect(refusal(() => viewsOf(flat(0.3, 80, 80)))).toContain('flat');
  const broken = drawPlanes(80, 80);
  broken.data[7] = Number.NaN;
  expect(refusal(() => viewsOf(broken))).toContain('not a number');
});

test('details count a quarter', () => {
  expect(scoreOfViews(80, [])).toBe(80);
  expect(scoreOfViews(80, [20, 60])).toBe(0.75 * 80 + 0.25 * 40);
});
