import { ALIKE_REACH, alikeMeans, lumaOfColour, type PlanesSize } from '../../pixels/index.js';
import type { NoiseMeasurement } from '../measure-noise/measure-noise.js';
import { calmestByBrightness } from './calmest.js';
import { measuredDeviation } from './measured-deviation.js';

/** Windows of 5² pixels, in which it is measured how much brightness varies. */
const SIDE = 5;

/** Rows that are worked on at once. */
const STRIP = 128;

/** Windows of which the floor is learnt, at most. */
const SAMPLES = 60_000;

/** Brightness classes in which it is looked for, at most, and the windows that make up one, at least. */
const CLASSES = 8;
const CLASS_WINDOWS = 120;

/** That many of the windows of a brightness have no more than the floor; noise has so many times as much in some. */
const FLOOR_SHARE = 0.15;
const FLOOR_TIMES = 1.7;

/** Of grain no more than this is taken, nor more than the measured noise. */
const MOST = 2 / 255;

/** Where even the calmest windows have as much as this, it begins to be texture, such as that of velvet, and is nothing else from the second on. */
const TEXTURE = [3 / 255, 4.5 / 255] as const;

/** Steps of brightness in which it is tabulated. */
const LEVELS = 1023;

/** The brightness of rows `from` to `to` of a picture in colour, `[3, height, width]`. */
function lumaOf(
  picture: Float32Array,
  { width, height }: PlanesSize,
  from: number,
  to: number,
): Float32Array {
  const area = width * height;
  const luma = new Float32Array((to - from) * width);
  for (let i = 0, at = from * width; i < luma.length; i++, at++)
    luma[i] = lumaOfColour(picture[at] ?? 0, picture[area + at] ?? 0, picture[2 * area + at] ?? 0);
  return luma;
}

/** How much windows of a brightness vary at least: a deviation. */
function floorOf(picture: Float32Array, planes: PlanesSize): (level: number) => number {
  const { width, height } = planes;
  const [columns, rows] = [Math.floor(width / SIDE), Math.floor(height / SIDE)];
  const every = Math.max(1, Math.ceil(Math.sqrt((columns * rows) / SAMPLES)));
  const across = Math.ceil(columns / every);
  const count = across * Math.ceil(rows / every);
  const [brightness, deviations] = [new Float32Array(count), new Float32Array(count)];
  let n = 0;
  for (let row = 0; row < rows; row += every) {
    const luma = lumaOf(picture, planes, row * SIDE, (row + 1) * SIDE);
    for (let column = 0; column < columns; column += every, n++) {
      let [sum, squares] = [0, 0];
      for (let y = 0; y < SIDE; y++)
        for (let x = 0; x < SIDE; x++) {
          const value = luma[y * width + column * SIDE + x] ?? 0;
          sum += value;
          squares += value * value;
        }
      const level = sum / SIDE ** 2;
      brightness[n] = level;
      deviations[n] = Math.sqrt(Math.max(0, squares / SIDE ** 2 - level * level));
    }
  }
  return calmestByBrightness(brightness, deviations, {
    ...{ classes: CLASSES, places: CLASS_WINDOWS, share: FLOOR_SHARE },
  });
}

/**
 * Calms the grain of brightness that a network leaves, in place: what a camera's own denoising has made coarse looks like fine texture, and a
 * network takes too little of it away. Brightness becomes the mean of the places around it that differ by no more than grain does
 * ({@link alikeMeans}). How much that is, the calmest windows of a brightness tell, and it is no more than the noise that was measured.
 * Colour is not touched. *The limits are this program's own.*
 *
 * @param picture a denoised one, `[channels, height, width]`, `[0, 1]`; of other than 3 channels it stays as it is
 * @param noise what was measured in the noisy one
 */
export function calmGrain(
  picture: Float32Array,
  planes: PlanesSize,
  { levels, evidence }: NoiseMeasurement,
): void {
  const { channels, width, height } = planes;
  if (channels !== 3 || evidence === 0) return;
  const floor = floorOf(picture, planes);
  const measured = measuredDeviation(levels, (level) => level.luma);
  const variances = Float32Array.from({ length: LEVELS + 1 }, (_, i) => {
    const level = i / LEVELS;
    const found = FLOOR_TIMES * floor(level);
    const [from, to] = TEXTURE;
    const trust = Math.min(1, Math.max(0, (to - found) / (to - from)));
    return (trust * evidence * Math.min(MOST, found, measured(level))) ** 2;
  });
  if (variances.every((variance) => variance === 0)) return;
  const varianceOf = (level: number): number =>
    variances[Math.round(LEVELS * Math.min(1, Math.max(0, level)))] ?? 0;
  const area = width * height;
  let above = lumaOf(picture, planes, 0, 0);
  for (let from = 0; from < height; from += STRIP) {
    const to = Math.min(height, from + STRIP);
    // Rows above are calm already: their brightness was kept.
    const top = from - above.length / width;
    const fresh = lumaOf(picture, planes, from, Math.min(height, to + ALIKE_REACH));
    const luma = new Float32Array(above.length + fresh.length);
    luma.set(above);
    luma.set(fresh, above.length);
    const means = alikeMeans(luma, width, varianceOf);
    for (let i = (from - top) * width, at = from * width; at < to * width; i++, at++) {
      const change = (means[i] ?? 0) - (luma[i] ?? 0);
      for (let channel = 0; channel < 3; channel++)
        picture[channel * area + at] = (picture[channel * area + at] ?? 0) + change;
    }
    above = luma.slice(Math.max(0, to - ALIKE_REACH - top) * width, (to - top) * width);
  }
}
