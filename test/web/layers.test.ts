import { expect, test } from 'vitest';
import { mixLayers } from '#src/web/layers.js';

const pixels = (...values: readonly number[]) => ({
  data: Uint8ClampedArray.from(values),
  width: values.length / 4,
  height: 1,
});
const image = pixels(100, 100, 100, 255, 200, 100, 50, 128);
const layers = [
  { detail: 0, image: pixels(60, 60, 60, 255, 100, 100, 50, 255) },
  { detail: 50, image: pixels(80, 80, 80, 255, 150, 100, 50, 255) },
];
const all = { strength: 100, luma: 100, chroma: 100, detail: 50 };
const mixed = (settings: Partial<typeof all>) => [...mixLayers(image, layers, { ...all, ...settings }).data];

test('layers are mixed by strength, brightness, colour and detail; opacity stays', () => {
  expect(mixed({})).toEqual([80, 80, 80, 255, 150, 100, 50, 128]);
  expect(mixed({ strength: 0 })).toEqual([...image.data]);
  expect(mixed({ strength: 50 })).toEqual([90, 90, 90, 255, 175, 100, 50, 128]);
  expect(mixed({ detail: 25 })).toEqual([70, 70, 70, 255, 125, 100, 50, 128]);
  expect(mixed({ detail: 100 }), 'beyond the last layer').toEqual(mixed({}));
  // Grey noise is all brightness, and so untouched by the share of colour.
  expect(mixed({ luma: 0 }).slice(0, 3)).toEqual([100, 100, 100]);
  expect(mixed({ chroma: 0 }).slice(0, 3)).toEqual([80, 80, 80]);
  // Red that is 50 too much is 0.299 × 50 of brightness.
  expect(mixed({ chroma: 0 }).slice(4, 7)).toEqual([185, 85, 35]);
});

test('rows are mixed alone; layers of another size are refused', () => {
  const tall = { ...image, width: 1, height: 2 };
  const one = [{ detail: 50, image: { ...pixels(...image.data), width: 1, height: 2 } }];
  expect([...mixLayers(tall, one, all, { from: 1, to: 2 }).data]).toEqual([200, 100, 50, 128]);
  expect(() => mixLayers(tall, layers, all)).toThrow('a layer has 2×1 pixels, and its picture 1×2');
  expect(() => mixLayers(tall, [], all)).toThrow('there are no layers to mix');
});
