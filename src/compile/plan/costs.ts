/**
 * What decides between the ways to spell an operation: sizes at which one becomes faster than another. `npm run bench -- --only costs` measures
 * them anew, each way against the other on either side of its limit.
 */
export interface Costs {
  /**
   * Pixels of images that may lie with the batch last: what is done to every channel or every pixel then runs along many
   * numbers, and a 1×1 convolution is one product of matrices.
   */
  readonly batchLastPixels: number;
  /** Images of so few pixels are brought into that form for a 1×1 convolution: a product per image would have too few columns. */
  readonly mixedPixels: number;
  /** Pairs of pixels up to which a matrix of all pairs costs less, in a depthwise convolution, than walking over the images. */
  readonly depthwisePairs: number;
  /** Channels up to which all taps of an image are laid beside each other, so that one product serves them all. */
  readonly fewChannels: number;
  /** How many times as many channels the other side of such a convolution has at least. */
  readonly manyTimesFew: number;
  /**
   * Pixels, of all pictures together, up to which ConvTranspose is the faster input gradient: it takes the weight as it is, and
   * turning a weight takes longer than so few pixels do.
   */
  readonly transposedPixels: number;
  /**
   * Pixels, of all pictures together, from which on a convolution with a kernel repays the laying out of its weight in blocks.
   * That is as much work for one pixel as for a million; below, the plain form takes the weight as it is.
   */
  readonly blockedPixels: { readonly forward: number; readonly backward: number };
  /** Positions of a strip of an image, as a kernel, whose weights for four blocks of channels still fit the second-level cache. */
  readonly stripPixels: number;
  /** What a row by which strips overlap costs, as a share of a row of their own. */
  readonly stripOverlap: number;
  /** Pixels, of all pictures together, from which on Winograd's weight, which grows to twice its size, is no burden. */
  readonly winogradPixels: number;
  /** As many multiplications of a channel with a channel take as long as transforming a channel there or back for Winograd's products. */
  readonly winogradTransform: number;
}

/**
 * As measured on the machine of docs/measurements.md (AVX-512, blocks of 16): blocks of channels with 128 to 512 channels;
 * Winograd's filtering with 32 to 512 on images of 16² to 256².
 */
export const measuredCosts: Costs = {
  batchLastPixels: 64,
  mixedPixels: 4,
  depthwisePairs: 64 * 64,
  fewChannels: 8,
  manyTimesFew: 4,
  transposedPixels: 64,
  blockedPixels: { forward: 257, backward: 65 },
  stripPixels: 128,
  stripOverlap: 0.1,
  winogradPixels: 256,
  winogradTransform: 20,
};
