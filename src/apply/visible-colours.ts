import { muchInThread, sharedFloats } from '../in-thread.js';
import { inFloats, type LeanPicture, type Picture } from '../pixels/index.js';

/** Colours and how much of them is seen, of a picture or of one that is smaller by halves. */
interface Level {
  readonly width: number;
  readonly height: number;
  /** `[channels, height, width]` */
  readonly data: Float32Array;
  /** `[height, width]`, 0 where nothing is seen. */
  readonly weight: Float32Array;
}

/**
 * A picture whose colours go on under its transparent pixels. What programs leave hidden there, black or another colour, must
 * not be seen once a network or a filter has looked at the neighbourhood of an edge.
 *
 * What is hidden is filled from ever coarser means of what is seen around it (pull and push), weighted by the opacity.
 *
 * @returns the same picture where none of it is hidden, and where nothing of it is seen
 */
export async function withVisibleColours<P extends LeanPicture>(picture: P): Promise<P> {
  const { width, height, channels, alpha } = picture;
  if (!alpha?.includes(0)) return picture;
  const { data } = await inFloats(picture);
  const filled = await visibleAside({ width, height, channels, alpha, data });
  return filled === undefined ? picture : { ...picture, data: filled };
}

const visibleAside = muchInThread(
  new URL('./visible-colours.js', import.meta.url),
  visibleColours,
  ({ data }) => data.length,
);

/** What can be seen of a picture, and how much. */
type Seen = Pick<Picture, 'width' | 'height' | 'channels' | 'data'> & {
  readonly alpha: NonNullable<Picture['alpha']>;
};

/** The colours of {@link withVisibleColours}; none where nothing is seen. */
export function visibleColours({ width, height, channels, alpha, data }: Seen): Float32Array | undefined {
  const weight = Float32Array.from(alpha);
  if (weight.every((value) => value === 0)) return undefined;
  const shared = sharedFloats(data.length);
  shared.set(filledLevel({ width, height, data, weight }, channels).data);
  return shared;
}

function filledLevel(level: Level, channels: number): Level {
  const { width, height, data, weight } = level;
  const area = width * height;
  if (area === 1 || !weight.includes(0)) return level;
  const coarse = filledLevel(halved(level, channels), channels);
  const filled = Float32Array.from(data);
  const coarseArea = coarse.width * coarse.height;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (weight[i] !== 0) continue;
      // Between the four nearest middles of the coarser pixels.
      const [left, shareX] = between((x - 0.5) / 2, coarse.width);
      const [top, shareY] = between((y - 0.5) / 2, coarse.height);
      const right = Math.min(coarse.width - 1, left + 1);
      const bottom = Math.min(coarse.height - 1, top + 1);
      for (let channel = 0; channel < channels; channel++) {
        const at = (row: number, column: number): number =>
          coarse.data[channel * coarseArea + row * coarse.width + column] ?? 0;
        const above = at(top, left) * (1 - shareX) + at(top, right) * shareX;
        const below = at(bottom, left) * (1 - shareX) + at(bottom, right) * shareX;
        filled[channel * area + i] = above * (1 - shareY) + below * shareY;
      }
    }
  }
  return { ...level, data: filled };
}

/** Where a place lies among middles: the one before it, and the share of the next. */
function between(place: number, count: number): readonly [number, number] {
  const before = Math.min(count - 1, Math.max(0, Math.floor(place)));
  return [before, Math.min(1, Math.max(0, place - before))];
}

/** Half as wide and high: means weighted by what is seen. */
function halved({ width, height, data, weight }: Level, channels: number): Level {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const [area, halfArea] = [width * height, half.width * half.height];
  const sums = new Float32Array(channels * halfArea);
  const weights = new Float32Array(halfArea);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const share = weight[i] ?? 0;
      if (share === 0) continue;
      const to = (y >> 1) * half.width + (x >> 1);
      weights[to] = (weights[to] ?? 0) + share;
      for (let channel = 0; channel < channels; channel++) {
        const place = channel * halfArea + to;
        sums[place] = (sums[place] ?? 0) + share * (data[channel * area + i] ?? 0);
      }
    }
  }
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < halfArea; i++) {
      const seen = weights[i] ?? 0;
      if (seen > 0) sums[channel * halfArea + i] = (sums[channel * halfArea + i] ?? 0) / seen;
    }
  return { ...half, data: sums, weight: weights };
}
