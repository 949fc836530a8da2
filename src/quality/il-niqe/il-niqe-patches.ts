import { bicubicResize, type Planes } from '../../pixels/arithmetic.js';
import { RevelaError } from '../../errors.js';
import { settled } from '../../options/plain.js';
import { type IlNiqeOptions, ilNiqeOptions } from '../arithmetic-options.js';
import { eightBitChannel } from '../eight-bit.js';
import { fitAsymmetric } from '../statistics/generalised-gaussian.js';
import { type ColourPlanes, forEachMap, halfSize, type MapKind, mapsPerScale } from './il-niqe-maps.js';
import { addPatchStatistics, statisticsPerPatch, widths } from '../statistics/patch-statistics.js';
import { addValues, noMoments } from '../statistics/signed-moments.js';
import { fitWeibull } from './weibull.js';

/** Every picture is first brought to this width and height, whatever its shape. */
export const ilNiqeSide = 524;
/** The side of its patches at full size. */
const patchSide = 84;
/** Smaller pictures would be judged by what enlarging makes of them. */
const smallestSide = 64;
/** 18 of the MSCN coefficients, 2 of each other map. */
const featuresPerScale = statisticsPerPatch + 2 * (mapsPerScale - 1);
/** Features of a patch, at full and at half size. */
export const ilNiqeFeatures = 2 * featuresPerScale;

/** A patch as IL-NIQE sees it. */
export interface IlNiqePatch {
  /** 468 numbers; those that a flat patch has not are NaN, and the Weibull shape of equal numbers is infinite. */
  readonly features: Float64Array;
  /** The mean local deviation σ of the luminance. */
  readonly sharpness: number;
}

/**
 * Takes IL-NIQE's features of the patches of a picture.
 *
 * @throws RevelaError if the picture is smaller than 64×64 (without resizing: than a patch, 84×84), or a value is not a
 *   number
 */
export function ilNiqePatches(picture: Planes, options: IlNiqeOptions = {}): readonly IlNiqePatch[] {
  const { resize } = settled(ilNiqeOptions, options);
  const least = resize ? smallestSide : patchSide;
  if (Math.min(picture.width, picture.height) < least)
    throw new RevelaError(
      `IL-NIQE needs pictures of at least ${least}×${least} pixels, this one has ${picture.width}×${picture.height}`,
    );
  const full = colourPlanes(picture, resize);
  const across = full.width / patchSide;
  const patches = Array.from({ length: across * (full.height / patchSide) }, () => ({
    features: new Float64Array(ilNiqeFeatures),
    sharpness: 0,
  }));
  for (const [i, planes] of [full, halfSize(full)].entries()) {
    const side = patchSide / (i + 1);
    const patch = new Float64Array(side * side);
    forEachMap(planes, i + 1, (index, kind, map, deviations) => {
      for (const [number, target] of patches.entries()) {
        const at = { left: (number % across) * side, top: Math.floor(number / across) * side, side };
        cut(map, planes.width, at, patch);
        addFeatures(patch, side, index, kind, target.features, i * featuresPerScale);
        if (i > 0 || deviations === undefined) continue;
        cut(deviations, planes.width, at, patch);
        target.sharpness = patch.reduce((sum, value) => sum + value, 0) / patch.length;
      }
    });
  }
  return patches;
}

/** The colours in 8 bits, resized and cut to whole patches; grey is three colours that are alike. */
function colourPlanes(picture: Planes, resize: boolean): ColourPlanes {
  const from = { channels: 1, width: picture.width, height: picture.height };
  const to = resize ? { width: ilNiqeSide, height: ilNiqeSide } : from;
  const width = to.width - (to.width % patchSide);
  const height = to.height - (to.height % patchSide);
  const plane = (channel: number): Float64Array => {
    const integers = eightBitChannel(picture, channel);
    const values = resize ? bicubicResize(Float32Array.from(integers), from, to) : integers;
    const result = new Float64Array(width * height);
    for (let i = 0; i < result.length; i++) {
      const value = values[Math.floor(i / width) * to.width + (i % width)] ?? 0;
      // MATLAB gives 8 bits where it gets them, and rounds halves up.
      result[i] = Math.min(255, Math.max(0, Math.floor(value + 0.5)));
    }
    return result;
  };
  const red = plane(0);
  if (picture.channels === 1) return { width, height, red, green: red, blue: red };
  return { width, height, red, green: plane(1), blue: plane(2) };
}

function cut(
  map: Float64Array,
  width: number,
  { left, top, side }: { readonly left: number; readonly top: number; readonly side: number },
  into: Float64Array,
): void {
  for (let y = 0; y < side; y++) {
    const from = (top + y) * width + left;
    into.set(map.subarray(from, from + side), y * side);
  }
}

/** The numbers of one map's patch, at the place that the map has in the original's row of features. */
function addFeatures(
  patch: Float64Array,
  side: number,
  index: number,
  kind: MapKind,
  into: Float64Array,
  offset: number,
): void {
  if (kind === 'mscn') {
    addPatchStatistics(patch, { width: side, height: side }, into, offset);
    return;
  }
  into.set(pairOf(kind, patch), offset + statisticsPerPatch + 2 * (index - 1));
}

function pairOf(kind: Exclude<MapKind, 'mscn'>, patch: Float64Array): [number, number] {
  switch (kind) {
    case 'weibull': {
      const { scale, shape } = fitWeibull(patch);
      return [scale, shape];
    }
    case 'normal': {
      const mean = patch.reduce((sum, value) => sum + value, 0) / patch.length;
      const squares = patch.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return [mean, squares / (patch.length - 1)];
    }
    case 'symmetric': {
      const moments = noMoments();
      addValues(moments, patch);
      const { shape, left, right } = widths(fitAsymmetric(moments));
      return [shape, (left + right) / 2];
    }
  }
}
