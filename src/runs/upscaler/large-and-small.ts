import { bicubicResize } from '../../pixels/index.js';
import type { Picture } from '../../images/index.js';
import { muchInThread } from '../../in-thread.js';
import { createRandom } from '../../random.js';
import { crop } from '../../noise/index.js';
import { type DegradationKind, degradePlanes } from '../../upscale/index.js';
import { fixedSeed } from '../fixed-seed.js';

/** SSIM's window is as wide and high, in pixels. */
const ssimWindow = 11;

/** A large picture and what it looks like small, both without opacity and metadata. */
export interface LargeAndSmall {
  readonly large: Picture;
  readonly small: Picture;
}

/** The shortest side of a picture that can be measured without its border. */
export const leastSide = (border: number): number => ssimWindow + 2 * border;

/** A side without what is more than whole multiples of the scale. */
export const wholeSide = (side: number, scale: number): number => side - (side % scale);

/** The colours of a picture alone, without what is at the right and at the bottom of a size. */
export function plainPart(picture: Picture, width: number, height: number): Picture {
  const { channels, bitDepth } = picture;
  const { data } = crop(picture, { left: 0, top: 0, width, height });
  return { channels, bitDepth, format: 'png', metadata: {}, width, height, data };
}

/** Cuts a picture to whole multiples of the scale and degrades it, with draws that are the same every time. */
export async function madeSmall(
  picture: Picture,
  { degradation, scale }: { readonly degradation: DegradationKind; readonly scale: number },
): Promise<LargeAndSmall> {
  const large = plainPart(picture, wholeSide(picture.width, scale), wholeSide(picture.height, scale));
  const { width, height, data } = await degradePlanes(degradation, large, scale, createRandom(fixedSeed));
  return { large, small: { ...large, width, height, data } };
}

const bicubicAside = muchInThread(
  new URL('../../pixels/index.js', import.meta.url),
  bicubicResize,
  (_data, { channels }, to) => channels * to.width * to.height,
);

/** The small picture as large as the large one by MATLAB's bicubic: what any upscaler is held against. */
export async function bicubic(small: Picture, { width, height }: Picture): Promise<Picture> {
  const { channels, data } = small;
  const from = { channels, width: small.width, height: small.height };
  return { ...small, width, height, data: await bicubicAside(data, from, { width, height }) };
}
