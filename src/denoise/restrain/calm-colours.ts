import { bt601, differenceScales, lumaOfColour, type PlanesSize } from '../../pixels/index.js';
import type { NoiseMeasurement } from '../measure-noise/measure-noise.js';
import { type CellGrid, cellsOf, expandRow, pixelsAlong, smoothCells } from './cells.js';
import { calmestByBrightness } from './calmest.js';
import { measuredDeviation } from './measured-deviation.js';

/** The side of the cells in which colour follows brightness, and the window of cells that is looked at: 28 pixels. */
const SIDE = 4;
const WINDOW: readonly number[] = [1, 1, 1, 1, 1, 1, 1];

/** Brightness that varies less than this in a window is none that colour could follow. */
const LEAST_VARIANCE = (1.4 / 255) ** 2;

/** What a network leaves of the noise of colours, as a share of its deviation: more is colour of the picture. */
const LEFT = 0.27;

/**
 * Blotches coarser than what is measured, as cameras' own denoising leaves them, have a floor: that many of the windows of a brightness
 * have no more than it, and those with so many times as much hold nothing else.
 */
const FLOOR_SHARE = 0.15;
const FLOOR_TIMES = 1.5;

/** More than so many times the noise of the brightness, and more than this, is colour of the picture. */
const FLOOR_NOISE = 1;
const FLOOR_MOST = 2.2 / 255;

/** Brightness classes in which the floor is looked for, at most, and the windows that make up one, at least. */
const CLASSES = 8;
const CLASS_WINDOWS = 500;

/** So much at most: blotches that are coarser still cannot be told from colours. */
const MOST_LEFT = 4 / 255;

/** A pixel that is further than so many times that from what its windows say is a thin line or a dot of colour. */
const PIXELS = 2;

/** The share of what does follow that counts against a window as well: at the edge of a strong colour, brightness that is noise would be tinted. */
const FOLLOWING = 0.3;

/** JPEG's colour differences. */
const { red: RED, green: GREEN, blue: BLUE } = bt601;
const { blue: CB, red: CR } = differenceScales;

/** A straight line for each window: how a colour difference follows from the brightness. */
interface Lines {
  readonly slope: Float32Array;
  readonly offset: Float32Array;
}

/** What is known of each cell, then of each window; of a large picture they are many, and are written over. */
interface Sums {
  readonly luma: Float32Array;
  readonly lumaSquares: Float32Array;
  readonly colours: readonly Float32Array[];
  readonly products: readonly Float32Array[];
  readonly squares: readonly Float32Array[];
}

/** Means over the cells, smoothed to windows. */
function windowMeans(picture: Float32Array, planes: PlanesSize, grid: CellGrid): Sums {
  const { width, height } = planes;
  const { columns, rows } = grid;
  const area = width * height;
  const map = (): Float32Array => new Float32Array(columns * rows);
  const [luma, blue, red] = [map(), map(), map()];
  for (let y = 0; y < height; y++) {
    const line = Math.floor(y / SIDE) * columns;
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const cell = line + Math.floor(x / SIDE);
      const [r = 0, g = 0, b = 0] = [picture[at], picture[area + at], picture[2 * area + at]];
      const bright = lumaOfColour(r, g, b);
      luma[cell] = (luma[cell] ?? 0) + bright;
      blue[cell] = (blue[cell] ?? 0) + (b - bright) / CB;
      red[cell] = (red[cell] ?? 0) + (r - bright) / CR;
    }
  }
  const [across, down] = [pixelsAlong(columns, SIDE, width), pixelsAlong(rows, SIDE, height)];
  for (let at = 0; at < luma.length; at++) {
    const pixels = (across[at % columns] ?? 1) * (down[Math.floor(at / columns)] ?? 1);
    for (const sums of [luma, blue, red]) sums[at] = (sums[at] ?? 0) / pixels;
  }
  const product = (a: Float32Array, b: Float32Array): Float32Array =>
    a.map((value, at) => value * (b[at] ?? 0));
  const colours = [blue, red];
  const sums = {
    ...{ luma, colours, lumaSquares: product(luma, luma) },
    products: colours.map((colour) => product(luma, colour)),
    squares: colours.map((colour) => product(colour, colour)),
  };
  for (const means of [luma, sums.lumaSquares, ...colours, ...sums.products, ...sums.squares])
    smoothCells(means, grid, WINDOW);
  return sums;
}

/**
 * The least squares' line of each window, in place of the products and the means, and in `misfit` the mean square of what does not
 * follow it, with a share of what does.
 */
function linesOf(sums: Sums, colour: number, misfit: Float32Array): Lines {
  const none = new Float32Array(0);
  const { [colour]: offset = none } = sums.colours;
  const { [colour]: slope = none } = sums.products;
  const { [colour]: squares = none } = sums.squares;
  for (let at = 0; at < misfit.length; at++) {
    const [luma, mean] = [sums.luma[at] ?? 0, offset[at] ?? 0];
    const variance = Math.max(0, (sums.lumaSquares[at] ?? 0) - luma * luma);
    const covariance = (slope[at] ?? 0) - luma * mean;
    const steep = covariance / (variance + LEAST_VARIANCE);
    slope[at] = steep;
    offset[at] = mean - steep * luma;
    const following = steep * steep * variance;
    const left = (squares[at] ?? 0) - mean * mean - 2 * steep * covariance + following;
    misfit[at] = (misfit[at] ?? 0) + (Math.max(0, left) + FOLLOWING * following) / 2;
  }
  return { slope, offset };
}

/** How much of colour noise may have left in each cell: a deviation, in place of the brightness. */
function leftOf(luma: Float32Array, deviations: Float32Array, { levels }: NoiseMeasurement): Float32Array {
  const grey = measuredDeviation(levels, (level) => level.luma);
  const colour = measuredDeviation(levels, (level) => level.chroma);
  const floor = calmestByBrightness(luma, deviations, {
    ...{ classes: CLASSES, places: CLASS_WINDOWS, share: FLOOR_SHARE },
  });
  for (let at = 0; at < luma.length; at++) {
    const level = luma[at] ?? 0;
    luma[at] = Math.max(
      Math.min(MOST_LEFT, LEFT * colour(level)),
      Math.min(FLOOR_MOST, FLOOR_TIMES * floor(level), FLOOR_NOISE * grey(level)),
    );
  }
  return luma;
}

/** 1 where a deviation is no more than `most`, 0 from twice as much on. */
const trustIn = (deviation: number, most: number): number =>
  most <= 0 ? 0 : Math.min(1, Math.max(0, 2 - deviation / most));

/** What is known of the windows. */
interface Windows {
  /** For each colour difference. */
  readonly lines: readonly Lines[];
  /** How far each counts, 0 to 1. */
  readonly trust: Float32Array;
  readonly left: Float32Array;
}

function windowsOf(
  picture: Float32Array,
  planes: PlanesSize,
  grid: CellGrid,
  noise: NoiseMeasurement,
): Windows {
  const { luma, lines, deviations } = fittedLines(windowMeans(picture, planes, grid));
  const left = leftOf(luma, deviations, noise);
  for (let at = 0; at < deviations.length; at++) deviations[at] = trustIn(deviations[at] ?? 0, left[at] ?? 0);
  return { lines, trust: deviations, left };
}

/** The lines of all windows, and how far these deviate from them. */
function fittedLines(sums: Sums): {
  readonly luma: Float32Array;
  readonly lines: readonly Lines[];
  readonly deviations: Float32Array;
} {
  const { luma } = sums;
  const misfit = new Float32Array(luma.length);
  const lines = sums.colours.map((_, colour) => linesOf(sums, colour, misfit));
  for (let at = 0; at < misfit.length; at++) misfit[at] = Math.sqrt(misfit[at] ?? 0);
  return { luma, lines, deviations: misfit };
}

/**
 * Calms the blotches of colour that a network leaves of strong noise, in place: noise of colours is coarser than a network can see
 * around itself for, and brightness tells how far a colour reaches. In each window colour is taken to follow from brightness
 * by a straight line (the guided filter of He, Sun and Tang, ECCV 2010, on cells of 4² pixels as in their fast one of 2015); a window
 * counts only as far as what does not follow is no more than noise leaves, and a pixel that is far from what its windows say, as lines and
 * dots of colour are, stays as it is. Blotches that cameras leave are too coarse to be measured before: what windows of a brightness
 * hold at least is noise, too. Brightness is not touched. *The weights are this program's own.*
 *
 * @param picture a denoised one, `[channels, height, width]`, `[0, 1]`; of other than 3 channels it stays as it is
 * @param noise what was measured in the noisy one
 */
export function calmColours(picture: Float32Array, planes: PlanesSize, noise: NoiseMeasurement): void {
  const { channels, width, height } = planes;
  if (channels !== 3 || noise.evidence === 0) return;
  const grid = cellsOf(planes, SIDE);
  const { lines, trust, left } = windowsOf(picture, planes, grid, noise);
  for (const map of lines.flatMap(({ slope, offset }) => [slope, offset])) {
    for (let at = 0; at < map.length; at++) map[at] = (map[at] ?? 0) * (trust[at] ?? 0);
    smoothCells(map, grid, WINDOW);
  }
  smoothCells(trust, grid, WINDOW);
  const area = width * height;
  const row = (): Float32Array => new Float32Array(width);
  const [share, most, blueSlope, blueOffset, redSlope, redOffset] = [
    row(),
    row(),
    row(),
    row(),
    row(),
    row(),
  ];
  const [blue, red] = lines;
  if (blue === undefined || red === undefined) return;
  for (let y = 0; y < height; y++) {
    expandRow(trust, grid, y, share);
    expandRow(left, grid, y, most);
    expandRow(blue.slope, grid, y, blueSlope);
    expandRow(blue.offset, grid, y, blueOffset);
    expandRow(red.slope, grid, y, redSlope);
    expandRow(red.offset, grid, y, redOffset);
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const [r = 0, g = 0, b = 0] = [picture[at], picture[area + at], picture[2 * area + at]];
      const luma = lumaOfColour(r, g, b);
      const trusted = share[x] ?? 0;
      if (trusted <= 0) continue;
      // What windows in between say, without those that do not count.
      const moreBlue = (CB * ((blueSlope[x] ?? 0) * luma + (blueOffset[x] ?? 0))) / trusted - (b - luma);
      const moreRed = (CR * ((redSlope[x] ?? 0) * luma + (redOffset[x] ?? 0))) / trusted - (r - luma);
      const far = Math.hypot(moreBlue / CB, moreRed / CR) / Math.SQRT2;
      const taken = trusted * trustIn(far, PIXELS * (most[x] ?? 0));
      const newBlue = b + taken * moreBlue;
      const newRed = r + taken * moreRed;
      picture[at] = newRed;
      picture[area + at] = (luma - RED * newRed - BLUE * newBlue) / GREEN;
      picture[2 * area + at] = newBlue;
    }
  }
}
