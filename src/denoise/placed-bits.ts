import { mix32 } from '../nn/index.js';

/** Where a plane lies in its picture: its size, and the row and column of its first pixel. */
export interface PlanePlace {
  readonly height: number;
  readonly width: number;
  readonly top: number;
  readonly left: number;
}

const GOLDEN = 0x9e3779b9;

/**
 * 32 random bits for every pixel of a part of a picture, `[height, width]`.
 *
 * Each is a pure function of the seed, of the stream and of the pixel's place in the whole picture: two parts that
 * overlap hold the same bits where they do, and it does not matter which is drawn first. A row is a key that the seed,
 * the stream and the row are mixed into; a pixel mixes the key and its column (MurmurHash3's finaliser).
 *
 * @param stream numbers that name what is drawn, so that several things drawn at a place are independent
 */
export function placedBits(
  seed: number,
  stream: readonly number[],
  { height, width, top, left }: PlanePlace,
): Uint32Array {
  let key = mix32(seed ^ GOLDEN);
  for (const word of [Math.floor(seed / 2 ** 32), ...stream]) key = mix32(key + GOLDEN + mix32(word));
  const bits = new Uint32Array(height * width);
  let at = 0;
  for (let y = 0; y < height; y++) {
    const row = mix32(key + mix32(top + y + GOLDEN));
    for (let x = 0; x < width; x++) bits[at++] = mix32(row + Math.imul(left + x, GOLDEN));
  }
  return bits;
}
