import type { Planes } from '../../pixels/index.js';
import type { NoiseMeasurement } from './measure-noise.js';
import { BANDS, OPPONENTS, windowEnergies } from './window-energies.js';

/** The first pixel of a square. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Windows looked at, about. */
const WINDOWS = 8_000;

/** A window with less than so many times the noise holds nothing else, with more than so many times it holds detail. */
const NOISE = 2.5;
const DETAIL = 5;

/** The first pixels of squares that overlap by half and reach to the end. */
function starts(size: number, side: number): readonly number[] {
  const step = Math.max(1, side >> 1);
  const count = Math.ceil((size - side) / step) + 1;
  return Array.from({ length: count }, (_, i) => Math.min(size - side, i * step));
}

/**
 * The two squares of a picture that tell most about denoising it: where noise shows most, and where there is most detail
 * to lose.
 *
 * @param side of the squares, at most that of the picture
 */
export function tellingPlaces(
  picture: Planes,
  { levels }: NoiseMeasurement,
  side: number,
): { readonly noisy: Place; readonly detailed: Place } {
  const { count, lefts, tops, brightness, energies } = windowEnergies(picture, WINDOWS);
  const noiseAt = (light: number): number => {
    let [nearest, distance] = [0, Number.POSITIVE_INFINITY];
    for (const level of levels) {
      if (Math.abs(level.brightness - light) >= distance) continue;
      distance = Math.abs(level.brightness - light);
      nearest = (level.luma[2] ?? 0) ** 2;
    }
    return Math.max(nearest, 1e-6);
  };
  const [columns, rows] = [starts(picture.width, side), starts(picture.height, side)];
  let [noisy, detailed] = [
    { x: 0, y: 0, score: -1 },
    { x: 0, y: 0, score: -1 },
  ];
  const ratios = Float32Array.from({ length: count }, (_, i) => {
    const energy = energies[i * OPPONENTS * BANDS + 2] ?? 0;
    return energy / noiseAt(brightness[i] ?? 0);
  });
  for (const y of rows)
    for (const x of columns) {
      let [inside, noise, detail] = [0, 0, 0];
      for (let i = 0; i < count; i++) {
        const [left, top, ratio] = [lefts[i] ?? 0, tops[i] ?? 0, ratios[i] ?? 0];
        if (left < x || top < y || left >= x + side || top >= y + side) continue;
        inside += 1;
        if (ratio < NOISE) noise += energies[i * OPPONENTS * BANDS + 2] ?? 0;
        if (ratio > DETAIL) detail += Math.log(ratio);
      }
      const [noiseScore, detailScore] = [noise / Math.max(1, inside), detail / Math.max(1, inside)];
      if (noiseScore > noisy.score) noisy = { x, y, score: noiseScore };
      if (detailScore > detailed.score) detailed = { x, y, score: detailScore };
    }
  return { noisy: { x: noisy.x, y: noisy.y }, detailed: { x: detailed.x, y: detailed.y } };
}
