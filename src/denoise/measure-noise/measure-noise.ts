import type { LeanPlanes } from '../../pixels/index.js';
import { BAND_SIZES, BANDS, OPPONENTS, type WindowEnergies, windowEnergies } from './window-energies.js';

/** The noise of the parts of a picture that are about as bright as `brightness`. Deviations are of values in `[0, 1]`. */
export interface NoiseLevel {
  /** Luma, `[0, 1]`. */
  readonly brightness: number;
  /** Standard deviation of the luma in each band, from coarse to fine; white noise has the same in all. */
  readonly luma: readonly number[];
  /** Standard deviation of both colour differences (JPEG's), in each band. */
  readonly chroma: readonly number[];
  /**
   * How sure it is that this is noise, 0 to 1. Noise has a floor that many windows share, and does not depend on how much
   * else there is in them; texture has neither. Without evidence the deviations are upper bounds.
   */
  readonly evidence: number;
}

/** What was measured of the noise of a picture. */
export interface NoiseMeasurement {
  /** From dark to bright. None for a picture that is too small, or black and white throughout. */
  readonly levels: readonly NoiseLevel[];
  /** Standard deviation of the luma, of values in `[0, 1]`: the mean of the levels, as far as there is evidence. */
  readonly luma: number;
  /** The same of the colour differences. */
  readonly chroma: number;
  /** The finest band's deviation divided by that of the middle: 1 for noise as fine as the pixels, 0.3 for most photographs as cameras save them. */
  readonly fineness: number;
  /** The same of the colour differences; 0 where there is no noise in them. */
  readonly chromaFineness: number;
  /** How sure it is, 0 to 1. */
  readonly evidence: number;
}

/** Windows looked at, about. */
const WINDOWS = 8_000;

/** Brightness classes, at most, and the windows that make up one, at least. */
const CLASSES = 12;
const CLASS_WINDOWS = 120;

/** A picture of fewer classes is too small to be as sure. */
const SURE_CLASSES = 6;

/** Of fewer windows nothing is said. */
const LEAST_WINDOWS = 16;

/** The share of windows, those with the least in the middle band, below which noise and nothing else is taken to be. */
const FLOOR_SHARE = 0.05;

/** That part of the windows of white noise of variance 1 has less than this in the middle band (χ² of 16 degrees). */
const FLOOR_QUANTILE = 0.498;

/** Windows with less than so many times the noise hold nothing else that one could tell from it. */
const NOISE_ONLY = 1.6;

/** Where the lowest quarter of such windows ends for white noise of variance 1, by band (χ² of 3, 5, 16, 39 degrees). */
const QUARTERS: readonly number[] = [0.404, 0.535, 0.745, 0.84];

/** The share of noise-only windows, and their dependence on the rest, between which evidence goes from none to full. */
const SHARE = [0.42, 0.56] as const;
const DEPENDENCE = [0.45, 0.3] as const;

/** A camera's noise does not vary more than this between parts that are not clipped. */
const LARGEST_RATIO = 2.5;

/** Less than this is no noise: a third of a step of 8 bits. */
export const LEAST = 0.3 / 255;

/** Coarser noise than this, in multiples of the luma's middle band, is no noise but what windows hold besides. */
const COARSEST: readonly number[] = [2, 1.5, 1, 1];

const ramp = (value: number, [from, to]: readonly [number, number]): number =>
  Math.min(1, Math.max(0, (value - from) / (to - from)));

const quantile = (values: Float32Array, share: number): number =>
  values.toSorted()[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;

function gathered(members: Int32Array, of: (i: number) => number): Float32Array {
  const values = new Float32Array(members.length);
  for (let j = 0; j < values.length; j++) values[j] = of(members[j] ?? 0);
  return values;
}

/** The windows that can tell: those that are not clipped, or where there are few, those that are least. */
function usable({ clipped, count }: WindowEnergies): Int32Array {
  const all = Int32Array.from({ length: count }, (_, i) => i);
  for (const most of [0.05, 0.2, 0.5]) {
    const found = all.filter((i) => (clipped[i] ?? 0) <= most);
    if (found.length >= Math.min(CLASS_WINDOWS, count / 10)) return found;
  }
  return all.subarray(0, 0);
}

/** The correlation of the logarithms of two energies over some windows. */
function dependence(members: Int32Array, a: (i: number) => number, b: (i: number) => number): number {
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
  for (const i of members) {
    const [x, y] = [Math.log(a(i) + 1e-8), Math.log(b(i) + 1e-8)];
    sa += x;
    sb += y;
    saa += x * x;
    sbb += y * y;
    sab += x * y;
  }
  const n = members.length;
  const spread = Math.sqrt(Math.max(0, saa - (sa * sa) / n) * Math.max(0, sbb - (sb * sb) / n));
  return spread < 1e-9 ? 0 : (sab - (sa * sb) / n) / spread;
}

/** The noise of windows of about the same brightness. */
function levelOf(members: Int32Array, { brightness, energies }: WindowEnergies): NoiseLevel {
  const energy = (plane: number, band: number) => (i: number) =>
    energies[(i * OPPONENTS + plane) * BANDS + band] ?? 0;
  const [coarse, middle] = [energy(0, 0), energy(0, 2)];
  const floor = quantile(gathered(members, middle), FLOOR_SHARE) / FLOOR_QUANTILE;
  const flat = members.filter((i) => middle(i) <= NOISE_ONLY * floor);
  const calm = members.toSorted((a, b) => coarse(a) - coarse(b)).subarray(0, members.length >> 1);
  const deviation = (plane: number, band: number): number =>
    Math.sqrt(quantile(gathered(flat, energy(plane, band)), 0.25) / (QUARTERS[band] ?? 1));
  const bands = BAND_SIZES.map((_, band) => band);
  const most = (band: number): number => (COARSEST[band] ?? 1) * Math.sqrt(floor);
  return {
    brightness: quantile(
      gathered(members, (i) => brightness[i] ?? 0),
      0.5,
    ),
    luma: bands.map((band) => (band === 2 ? Math.sqrt(floor) : Math.min(most(band), deviation(0, band)))),
    chroma: bands.map((band) =>
      Math.min(most(band), Math.hypot(deviation(1, band), deviation(2, band)) / Math.SQRT2),
    ),
    evidence: ramp(flat.length / members.length, SHARE) * ramp(dependence(calm, coarse, middle), DEPENDENCE),
  };
}

const scaled = (level: NoiseLevel, factor: number): NoiseLevel => ({
  ...level,
  luma: level.luma.map((value) => value * factor),
  chroma: level.chroma.map((value) => value * factor),
});

/** Levels that are not sure may not say more than those that are allow. */
function bounded(levels: readonly NoiseLevel[]): readonly NoiseLevel[] {
  const middle = ({ luma }: NoiseLevel): number => luma[2] ?? 0;
  // Parts without any noise are drawn, or cut off; they say nothing of the others.
  const sure = levels.filter((level) => level.evidence > 0.5 && middle(level) > LEAST);
  const most = LARGEST_RATIO * Math.min(...sure.map(middle), Number.POSITIVE_INFINITY);
  return levels.map((level) => {
    if (middle(level) <= most) return level;
    const factor = most / middle(level);
    return { ...scaled(level, factor), evidence: Math.min(level.evidence, factor) };
  });
}

/** The deviation of the whole of some bands. */
export function wholeDeviation(bands: readonly number[]): number {
  const weights = BAND_SIZES.reduce((sum, size) => sum + size, 0);
  return Math.sqrt(
    bands.reduce((sum, value, band) => sum + value ** 2 * (BAND_SIZES[band] ?? 0), 0) / weights,
  );
}

/**
 * Measures the noise of a picture: by brightness, by frequency, in luma and colour. Texture is told from noise, clipped
 * windows are no evidence of anything. It takes a third of a second at most, for a picture of any size, and is a pure
 * function of the pixels.
 *
 * @example
 * const { luma, evidence } = measureNoise(await readPicture('night.jpg'));
 * console.log(`noise of ${(255 * luma).toFixed(1)} of 255`, evidence);
 */
export function measureNoise(picture: LeanPlanes): NoiseMeasurement {
  const windows = windowEnergies(picture, WINDOWS);
  const members = usable(windows).sort((a, b) => (windows.brightness[a] ?? 0) - (windows.brightness[b] ?? 0));
  const full = Math.floor(members.length / CLASS_WINDOWS);
  const classes = members.length < LEAST_WINDOWS ? 0 : Math.min(CLASSES, Math.max(1, full));
  const cut = (c: number): number => Math.floor((c * members.length) / classes);
  const levels = bounded(
    Array.from({ length: classes }, (_, c) => levelOf(members.subarray(cut(c), cut(c + 1)), windows)),
  );
  const total = levels.reduce((sum, { evidence }) => sum + evidence, 0);
  const mean = (of: (level: NoiseLevel) => number): number =>
    total === 0
      ? 0
      : Math.sqrt(levels.reduce((sum, level) => sum + level.evidence * of(level) ** 2, 0) / total);
  const fineness = (of: (level: NoiseLevel) => readonly number[]): number => {
    const middle = mean((level) => of(level)[2] ?? 0);
    return middle < 1e-4 ? 0 : mean((level) => of(level)[3] ?? 0) / middle;
  };
  return {
    levels,
    luma: mean(({ luma }) => wholeDeviation(luma)),
    chroma: mean(({ chroma }) => wholeDeviation(chroma)),
    fineness: fineness(({ luma }) => luma),
    chromaFineness: fineness(({ chroma }) => chroma),
    evidence: levels.length === 0 ? 0 : Math.min(1, (2.5 * total) / Math.max(SURE_CLASSES, levels.length)),
  };
}
