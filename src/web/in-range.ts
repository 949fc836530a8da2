import type { TileListener } from '../apply/anywhere.js';
import {
  broughtBack,
  findRangeFactor,
  type LeanPicture,
  multiplied,
  type Picture,
  type Rect,
} from '../pixels/index.js';
import { present } from '../present.js';

/** A picture in the range of networks: dark ones of 16 bits are multiplied by the factor, which is 1 for all others. */
export interface InRange<P extends LeanPicture> {
  readonly mapped: P;
  readonly factor: number;
}

/**
 * Brings a picture into the range of networks, as Node does.
 *
 * @param share of the values that lie in that range then; default 0.995
 */
export async function inRange<P extends LeanPicture>(picture: P, share?: number): Promise<InRange<P>> {
  const factor = await findRangeFactor(picture, share);
  return { mapped: await multiplied(picture, factor), factor };
}

/**
 * What was made of a multiplied picture, in the range of the picture again; its size is the same.
 *
 * @param made its values are written over
 */
export function backInRange(picture: LeanPicture, made: Picture, factor: number): Picture {
  return factor === 1 ? made : { ...made, data: broughtBack(picture.data, made.data, factor, picture) };
}

/** Who listens to work on a picture; of a part of the result it is told by what the values there are multiplied. */
export interface RangeListener extends Omit<TileListener, 'onArea'> {
  readonly onArea?: (area: Rect, planes: Float32Array, factor: number) => void;
}

/** Who listens, where the picture is multiplied by a factor. */
export const listeningBy = ({ onArea, ...others }: RangeListener, factor: number): TileListener => ({
  ...others,
  ...present({ onArea: onArea && ((area: Rect, planes: Float32Array) => onArea(area, planes, factor)) }),
});
