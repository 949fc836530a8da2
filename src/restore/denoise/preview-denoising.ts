import { type Place, tellingPlacesAside } from '../../denoise/index.js';
import { extractTile, type Picture, type Rect } from '../../images/index.js';
import { type Applier, type RemovalSettings, type Intended, removeNoise } from '../../apply/index.js';
import type { DenoiseOptions } from './denoise-options.js';
import { present } from '../../present.js';

/** The largest side of a place, the pixels around it that the network sees too, and those between the places. */
const SIDE = 256;
const AROUND = 64;
const GAP = 8;

/** A part of a picture, without what its file says of the whole but for its colours. */
function cut({ width, height, channels, data, bitDepth, metadata }: Picture, rect: Rect): Picture {
  return {
    width: rect.width,
    height: rect.height,
    channels,
    data: extractTile(data, channels, height, width, rect),
    bitDepth,
    format: 'png',
    metadata: present({ icc: metadata.icc }),
  };
}

/** A place and what lies around it, as far as the picture goes. */
function around({ x, y }: Place, side: number, { width, height }: Picture): Rect {
  const [left, top] = [Math.max(0, x - AROUND), Math.max(0, y - AROUND)];
  return {
    x: left,
    y: top,
    width: Math.min(width, x + side + AROUND) - left,
    height: Math.min(height, y + side + AROUND) - top,
  };
}

/** Copies a square picture into a larger one. */
function paste({ data, width, channels }: Picture, target: Picture, left: number, top: number): void {
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < width; y++) {
      const from = (channel * width + y) * width;
      target.data.set(
        data.subarray(from, from + width),
        (channel * target.height + top + y) * target.width + left,
      );
    }
}

/**
 * The noisiest and the most detailed place of a picture, one above the other, before (left) and after (right). The noise is
 * measured in the whole picture, and only these places are denoised.
 *
 * @param picture in the range of networks
 * @param intended what is to be taken away
 */
export async function previewOf(
  picture: Picture,
  intended: Intended,
  applier: Applier,
  settings: RemovalSettings,
  { keepDetail, signal }: Pick<DenoiseOptions, 'keepDetail' | 'signal'>,
): Promise<Picture> {
  const { mask } = settings;
  const side = Math.min(SIDE, picture.width, picture.height);
  const { noisy, detailed } = await tellingPlacesAside(
    { width: picture.width, height: picture.height, channels: picture.channels, data: picture.data },
    intended.noise,
    side,
  );
  const width = 2 * side + GAP;
  const sheet: Picture = {
    ...cut(picture, { x: 0, y: 0, width, height: width }),
    data: new Float32Array(picture.channels * width * width).fill(1),
  };
  for (const [number, place] of [noisy, detailed].entries()) {
    const rect = around(place, side, picture);
    const part = cut(picture, rect);
    const masked =
      mask === undefined
        ? settings
        : { ...settings, mask: { ...mask, data: extractTile(mask.data, 1, mask.height, mask.width, rect) } };
    const listener = present({ signal });
    const after = settings.bare
      ? await applier.apply(part, listener)
      : (await removeNoise(applier, part, intended, masked, keepDetail, listener)).picture;
    const square = { x: place.x - rect.x, y: place.y - rect.y, width: side, height: side };
    paste(cut(part, square), sheet, 0, number * (side + GAP));
    paste(cut(after, square), sheet, side + GAP, number * (side + GAP));
  }
  return sheet;
}
