import type { Picture, Planes } from '../../pixels/index.js';
import type { Random } from '../../random.js';

/** The largest side of a square, in pixels. */
const SIDE = 256;

/** So many squares at most are cut, of so many pictures at most. */
const MOST_SQUARES = 16;
const MOST_PICTURES = 5;

/** Squares of one noisy picture, red, green and blue. */
export type NoisySquares = readonly Planes[];

/** So many pictures at most are looked at. */
const MOST_LOOKS = 40;

/**
 * Cuts squares out of noisy pictures, to find out about their noise and to learn from: a few of each picture, of pictures that
 * are spread over all. One picture is held at a time.
 *
 * @param open gives a picture in the range of networks, or nothing where it is not noisy; grey ones are given three equal channels
 * @returns for each picture that was taken its squares, the first of which is told to be looked at
 */
export async function noisySquares<Input>(
  inputs: readonly Input[],
  open: (input: Input) => Promise<Picture | undefined>,
  random: Random,
): Promise<readonly NoisySquares[]> {
  const count = Math.min(MOST_PICTURES, inputs.length);
  const each = Math.floor(MOST_SQUARES / Math.max(1, count));
  const spread = Array.from({ length: count }, (_, i) => Math.floor((i * inputs.length) / count));
  const order = [...new Set([...spread, ...inputs.keys()])].slice(0, MOST_LOOKS);
  const taken: NoisySquares[] = [];
  for (const place of order) {
    const input = inputs[place];
    const picture = input === undefined ? undefined : await open(input);
    if (picture !== undefined) taken.push(squaresOf(picture, each, random));
    if (taken.length === count) break;
  }
  return taken;
}

function squaresOf(picture: Picture, most: number, random: Random): Planes[] {
  const { width, height } = picture;
  const size = { width: Math.min(SIDE, width), height: Math.min(SIDE, height) };
  const room = Math.max(1, Math.floor((width * height) / (size.width * size.height)));
  return Array.from({ length: Math.min(most, room) }, () =>
    cutColour(picture, {
      ...size,
      left: random.integer(width - size.width + 1),
      top: random.integer(height - size.height + 1),
    }),
  );
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function cutColour(picture: Picture, { left, top, width, height }: Place): Planes {
  const data = new Float32Array(3 * width * height);
  for (let channel = 0; channel < 3; channel++) {
    const from = Math.min(channel, picture.channels - 1) * picture.height;
    for (let y = 0; y < height; y++) {
      const first = (from + top + y) * picture.width + left;
      data.set(picture.data.subarray(first, first + width), (channel * height + y) * width);
    }
  }
  return { channels: 3, width, height, data };
}
