import {
  type BranchInitialisers,
  constantValue,
  type Initialiser,
  kaimingNormal,
  scaledBy,
} from '../nn/index.js';

/** Normal with deviation 1/√fanIn: what goes in comes out as large, where no activation follows at once. */
const keeping: Initialiser = scaledBy(Math.SQRT1_2, kaimingNormal());

const zero = constantValue(0);

/** First values of SPAN's convolutions. */
export const spanBranches: BranchInitialisers = { weight: keeping, bias: zero };

/**
 * Of the last convolution of each block, whose result is its attention: 2 or −2 is added to every channel, so that the attention σ − ½ begins at
 * ±0.38 and signals pass six blocks. From PyTorch's values they shrink to nothing or grow without an end.
 */
export const spanAttention: BranchInitialisers = {
  ...spanBranches,
  shortcutBias: (shape, random) =>
    Float32Array.from({ length: shape[0] ?? 0 }, () => (random.uniform() < 0.5 ? -2 : 2)),
};

/** Another initialiser's values, but rows of zeros for the first output channels, with a 1 where `one` says so. */
function passing(
  channels: number,
  others: Initialiser,
  one: (out: number, into: number) => boolean,
): Initialiser {
  return (shape, random) => {
    const [, inputs = 1] = shape;
    const values = others(shape, random);
    for (let out = 0; out < channels; out++)
      for (let into = 0; into < inputs; into++) values[out * inputs + into] = one(out, into) ? 1 : 0;
    return values;
  };
}

const same = (out: number, into: number): boolean => out === into;

/** Of the first convolution: the first channels are the picture's own. */
export const spanFirst = (channels: number): BranchInitialisers => ({
  ...spanBranches,
  narrow: passing(channels, keeping, () => false),
  shortcut: passing(channels, keeping, same),
});

/** Of the convolution that joins: the picture's own channels come first in what it joins, and go on. */
export const spanJoining = (channels: number): Initialiser => passing(channels, keeping, same);

/** How much of the features the last convolution begins with: little beside the enlarged picture. */
const LITTLE = 0.02;

/**
 * Of the last convolution, whose outputs are the pixels of the result: the picture's own channels, enlarged bilinearly, and little of
 * all others, so that learning begins near an enlarged picture.
 *
 * @param channels of the picture
 */
export const spanLast =
  (channels: number, scale: number): Initialiser =>
  (shape, random) => {
    const [outputs = 0, inputs = 0, side = 3] = shape;
    const values = scaledBy(LITTLE, keeping)(shape, random);
    // Where a pixel of the result lies in its pixel of the input, and how near each tap is.
    const near = (phase: number, tap: number): number =>
      Math.max(0, 1 - Math.abs((phase + 0.5) / scale - 0.5 - (tap - 1)));
    for (let out = 0; out < outputs; out++) {
      const [channel, phase] = [Math.floor(out / scale ** 2), out % scale ** 2];
      for (let into = 0; into < channels; into++)
        for (let tap = 0; tap < side ** 2; tap++) {
          const weight =
            near(Math.floor(phase / scale), Math.floor(tap / side)) * near(phase % scale, tap % side);
          values[(out * inputs + into) * side ** 2 + tap] = into === channel ? weight : 0;
        }
    }
    return values;
  };
