import { settled } from '../../options/plain.js';
import { lumaOfColour, type Picture, rasterOf, shrinkByArea } from '../../pixels/index.js';
import { type HeatMapOptions, heatMapOptions } from '../arithmetic-options.js';
import { bilinearAt, type QualityMap } from './quality-map.js';

/** From bad to good: red, orange, pale, light blue, blue. They differ for the colour-blind too. */
const ramp: readonly (readonly [number, number, number])[] = [
  [0.69, 0.08, 0.16],
  [0.93, 0.52, 0.36],
  [0.96, 0.94, 0.82],
  [0.47, 0.69, 0.84],
  [0.12, 0.29, 0.6],
];

/** The colour of a place from 0, bad, to 1, good: one channel of it. */
function colourAt(place: number, channel: 0 | 1 | 2): number {
  const position = Math.min(1, Math.max(0, place)) * (ramp.length - 1);
  const below = Math.min(ramp.length - 2, Math.floor(position));
  const [from, to] = [ramp[below]?.[channel] ?? 0, ramp[below + 1]?.[channel] ?? 0];
  return from + (to - from) * (position - below);
}

/** The picture itself, or a smaller one. */
function bounded(
  picture: Picture,
  longSide: number,
): Pick<Picture, 'channels' | 'width' | 'height' | 'data'> {
  const { channels, width, height } = picture;
  const scale = longSide / Math.max(width, height);
  if (scale >= 1) return picture;
  const shrunk = (side: number): number => Math.max(1, Math.round(side * scale));
  const size = { width: shrunk(width), height: shrunk(height) };
  return { channels, ...size, data: shrinkByArea(rasterOf(picture), size) };
}

type Range = readonly [low: number, high: number];

function settledRange({ data }: QualityMap, range: Range | 'own'): Range {
  if (range !== 'own') return range;
  const low = data.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = data.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return low < high ? [low, high] : [low - 0.5, low + 0.5];
}

/**
 * The pixels of a map over its picture; see `heatMap`, which checks the options.
 *
 * @returns red, green and blue in [0, 1], `[3, height, width]`
 */
export function heatColours(
  map: QualityMap,
  picture: Picture,
  options: HeatMapOptions = {},
): { readonly width: number; readonly height: number; readonly data: Float32Array } {
  const { opacity, range, longSide } = settled(heatMapOptions, options);
  const { width, height, channels, data: shown } = bounded(picture, longSide);
  const [low, high] = settledRange(map, range);
  const area = width * height;
  const data = new Float32Array(3 * area);
  const grey = (i: number): number => {
    const red = shown[i] ?? 0;
    if (channels === 1) return red;
    return lumaOfColour(red, shown[area + i] ?? 0, shown[2 * area + i] ?? 0);
  };
  for (let y = 0; y < height; y++) {
    const row = ((y + 0.5) / height) * map.down - 0.5;
    for (let x = 0; x < width; x++) {
      const column = ((x + 0.5) / width) * map.across - 0.5;
      const place = (bilinearAt(map, row, column) - low) / (high - low);
      const i = y * width + x;
      const base = (1 - opacity) * grey(i);
      for (const channel of [0, 1, 2] as const)
        data[channel * area + i] = base + opacity * colourAt(place, channel);
    }
  }
  return { width, height, data };
}
