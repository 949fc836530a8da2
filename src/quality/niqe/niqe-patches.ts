import { RevelaError } from '../../errors.js';
import { greyOf } from '../grey.js';
import { type Plane, halve, type Planes } from '../../pixels/arithmetic.js';
import { forEachMscnRow, sevenTaps } from '../statistics/mscn.js';
import { addPatchStatistics, statisticsPerPatch } from '../statistics/patch-statistics.js';

/** The side of NIQE's patches, in pixels; they do not overlap. */
export const niqePatchSide = 96;
/** Features of a patch: its statistics at full and at half size. */
export const niqeFeatures = 2 * statisticsPerPatch;

/** A patch of a picture as NIQE sees it. */
export interface NiqePatch {
  /** 36 numbers: statistics at full size, then at half size. Those that a flat patch has not are NaN. */
  readonly features: Float64Array;
  /** The mean local deviation σ, in [0, 255]: how much there is to see. */
  readonly sharpness: number;
}

/**
 * Cuts a picture into patches of 96×96 pixels, from the top left, row by row, and takes NIQE's features of each. What
 * is left over at the right and at the bottom is cut off first.
 *
 * @throws RevelaError if the picture is smaller than a patch, or a value is not a number
 */
export function niqePatches(picture: Planes): readonly NiqePatch[] {
  const { width, height } = picture;
  if (Math.min(width, height) < niqePatchSide)
    throw new RevelaError(
      `NIQE judges patches of ${niqePatchSide}×${niqePatchSide} pixels; a picture of ${width}×${height} is too small`,
    );
  const full = wholePatches(greyOf(picture));
  const large = scan(full, niqePatchSide, 0);
  const small = scan(halve(full), niqePatchSide / 2, statisticsPerPatch);
  return large.map(({ features, sharpness }, i) => {
    const half = small[i]?.features;
    if (half !== undefined) features.set(half.subarray(statisticsPerPatch), statisticsPerPatch);
    return { features, sharpness };
  });
}

/** The part of a plane that patches cover. */
function wholePatches({ width, height, data }: Plane): Plane {
  const size = {
    width: width - (width % niqePatchSide),
    height: height - (height % niqePatchSide),
  };
  if (size.width === width) return { ...size, data };
  const part = data.slice(0, size.width * size.height);
  for (let y = 0; y < size.height; y++)
    part.set(data.subarray(y * width, y * width + size.width), y * size.width);
  return { ...size, data: part };
}

/** Takes the statistics of all patches of one scale; a row of patches is in memory at a time. */
function scan(plane: Plane, side: number, offset: number): NiqePatch[] {
  const across = plane.width / side;
  const patches: NiqePatch[] = [];
  const row = Array.from({ length: across }, () => new Float64Array(side * side));
  const deviations = new Float64Array(across);
  forEachMscnRow(plane, { ...sevenTaps, edges: 'repeat' }, (coefficients, deviation, y) => {
    const top = y % side;
    for (const [i, patch] of row.entries()) {
      patch.set(coefficients.subarray(i * side, (i + 1) * side), top * side);
      let sum = 0;
      for (let x = i * side, end = x + side; x < end; x++) sum += deviation[x] ?? 0;
      deviations[i] = (deviations[i] ?? 0) + sum;
    }
    if (top < side - 1) return;
    for (const [i, patch] of row.entries()) {
      const features = new Float64Array(niqeFeatures);
      addPatchStatistics(patch, { width: side, height: side }, features, offset);
      patches.push({ features, sharpness: (deviations[i] ?? 0) / (side * side) });
    }
    deviations.fill(0);
  });
  return patches;
}
