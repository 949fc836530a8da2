import { RevelaError } from '../../errors.js';
import {
  cutSquare,
  type Raster,
  reflectPad,
  shrinkByArea,
  lumaOfColour,
  type Planes,
} from '../../pixels/index.js';
import { withinRange } from '../within-range.js';

/** The longest side of a picture that is looked at as a whole. */
export const OVERVIEW_SIDE = 1024;

/** The side of the parts of larger pictures that are looked at pixel by pixel. */
export const DETAIL_SIDE = 256;

/** Pictures with a shorter side are not judged. */
export const SCORER_LEAST_SIDE = 64;

/** A spread of luma below this, in [0, 1], is no picture of anything. */
const FLAT = 0.5 / 255;

/** Where the middles of the details lie, as shares of width and height. */
const detailPlaces = [
  [0.5, 0.5],
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
] as const;

/** What a scorer looks at, each of 3 channels and with sides that are multiples of its stride. */
export interface ScorerViews {
  /** The picture, made smaller where its long side is longer than {@link OVERVIEW_SIDE}. */
  readonly overview: Planes;
  /** The size of the overview before it was continued to multiples. */
  readonly size: { readonly width: number; readonly height: number };
  /** Parts of the picture as they are, where the overview is smaller than the picture; of one size. */
  readonly details: readonly Planes[];
}

/** Continues a picture by reflection, to the right and below, to multiples; grey becomes three channels that are alike. */
function padded({ channels, width, height, data }: Planes, multiple: number): Planes {
  const right = (multiple - (width % multiple)) % multiple;
  const bottom = (multiple - (height % multiple)) % multiple;
  const whole =
    right + bottom === 0
      ? data
      : reflectPad(data, channels, height, width, { top: 0, left: 0, right, bottom });
  const size = { channels: 3, width: width + right, height: height + bottom };
  if (channels === 3) return { ...size, data: whole };
  const colour = new Float32Array(3 * whole.length);
  for (let channel = 0; channel < 3; channel++) colour.set(whole, channel * whole.length);
  return { ...size, data: colour };
}

/**
 * Cuts a picture into what a scorer looks at: the whole, at most 1024 pixels long, as people see it on a screen; and of
 * larger pictures five parts at their full size, always the same places, for noise and blur that the overview hides.
 *
 * @param given of any layout; numbers outside of [0, 1] count as the nearest in it
 * @param multiple of which the sides of all views are
 * @throws RevelaError, with the reason, for a picture that cannot be judged: too small, flat, or not of numbers
 */
export function scorerViews(given: Raster, multiple: number): ScorerViews {
  const { samples } = given;
  const picture = samples instanceof Float32Array ? { ...given, samples: withinRange(samples) } : given;
  const { channels, width, height } = picture;
  const least = SCORER_LEAST_SIDE;
  if (Math.min(width, height) < least)
    throw new RevelaError(
      `a picture of ${width}×${height} pixels is too small to be scored; at least ${least}×${least} are needed`,
    );
  const scale = Math.min(1, OVERVIEW_SIDE / Math.max(width, height));
  const size = {
    width: Math.min(width, Math.max(least, Math.round(width * scale))),
    height: Math.min(height, Math.max(least, Math.round(height * scale))),
  };
  const whole = { channels, ...size, data: shrinkByArea(picture, size) };
  checkSpread(whole);
  const overview = padded(whole, multiple);
  return { overview, size, details: scale === 1 ? [] : detailsOf(picture, multiple) };
}

/** The parts of a picture at its full size. */
function detailsOf(picture: Raster, multiple: number): readonly Planes[] {
  const { width, height } = picture;
  const size = multiple * Math.floor(Math.min(DETAIL_SIDE, width, height) / multiple);
  const start = (share: number, length: number): number =>
    Math.round(Math.min(Math.max(0, share * length - size / 2), length - size));
  return detailPlaces.map(([across, down]) => {
    const data = new Float32Array(3 * size * size);
    const square = { left: start(across, width), top: start(down, height), size };
    cutSquare(picture, { ...square, flipAcross: false, flipDown: false, turn: false }, data, 0);
    return { channels: 3, width: size, height: size, data };
  });
}

/** Refuses pictures of one colour, and those that hold no numbers. */
function checkSpread({ channels, width, height, data }: Planes): void {
  const area = width * height;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < area; i++) {
    const red = data[i] ?? 0;
    const luma = channels === 3 ? lumaOfColour(red, data[area + i] ?? 0, data[2 * area + i] ?? 0) : red;
    sum += luma;
    squares += luma * luma;
  }
  const variance = squares / area - (sum / area) ** 2;
  if (Number.isNaN(variance))
    throw new RevelaError('a picture to be scored holds a value that is not a number');
  if (variance < FLAT ** 2)
    throw new RevelaError('the picture is flat, all of nearly one brightness: there is nothing to judge');
}
