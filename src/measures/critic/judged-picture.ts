import { RevelaError } from '../../errors.js';
import { bicubicResize, type Planes } from '../../pixels/index.js';
import { type Picture, inColour, type NamedPicture } from '../../images/index.js';
import { type QualityMeasure, withinRange } from '../../quality/index.js';
import type { LongSide } from './long-side.js';

/** Whether every channel has one value only. */
function isFlat({ channels, width, height, data }: Planes): boolean {
  const area = width * height;
  for (let channel = 0; channel < channels; channel++) {
    const plane = data.subarray(channel * area, (channel + 1) * area);
    const [first] = plane;
    if (plane.some((value) => value !== first)) return false;
  }
  return true;
}

/**
 * Refuses what measures that look through CLIP cannot judge.
 *
 * @throws RevelaError for a picture that is too small, of one colour, or holds a value that is no number
 */
export function checkJudgeable(
  { picture, name }: NamedPicture,
  { title, smallest }: Pick<QualityMeasure, 'title' | 'smallest'>,
): void {
  const { width, height, data } = picture;
  if (width < smallest.width || height < smallest.height)
    throw new RevelaError(
      `${name} is ${width}×${height} pixels, and ${title} needs at least ${smallest.width}×${smallest.height}: CLIP sees nothing in less`,
    );
  if (data.some((value) => !Number.isFinite(value)))
    throw new RevelaError(
      `${name} holds a value that is not a number; check the weights that it was made with`,
    );
  if (isFlat(picture))
    throw new RevelaError(`${name} has one colour everywhere, and ${title} finds nothing to judge in it`);
}

/**
 * The picture as it is looked at: red, green and blue, made smaller where its long side is longer than the bound, by
 * MATLAB's antialiased bicubic, and clamped to [0, 1]. Opacity is not looked at.
 */
export function boundedPicture({ width, height, channels, data }: Picture, longSide: LongSide): Planes {
  const longest = Math.max(width, height);
  if (longSide === 'full' || longest <= longSide)
    return inColour({ width, height, channels, data: withinRange(data) });
  const shrunk = (side: number): number => Math.max(1, Math.round((side * longSide) / longest));
  const size = { width: shrunk(width), height: shrunk(height) };
  const resized = bicubicResize(withinRange(data), { channels, width, height }, size);
  return inColour({ ...size, channels, data: withinRange(resized) });
}

/**
 * A picture as it is looked at, checked: {@link checkJudgeable} and {@link boundedPicture}. One function, so that another thread
 * can be asked.
 */
export function judgedPlanes(named: NamedPicture, measure: QualityMeasure, longSide: LongSide): Planes {
  checkJudgeable(named, measure);
  return boundedPicture(named.picture, longSide);
}
