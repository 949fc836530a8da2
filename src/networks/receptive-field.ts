/** One layer of a path through a network, by what it does to positions. */
export type PathStep =
  /** A convolution of stride 1 that looks `radius` pixels to each side. */
  | { readonly kind: 'convolution'; readonly radius: number }
  /** Halves the size: every output pixel looks at input pixels `2i − before` to `2i + 1 + after`. */
  | { readonly kind: 'halve'; readonly before: number; readonly after: number }
  /** Doubles the size: output pixels 2i and 2i + 1 look at input pixel i. */
  | { readonly kind: 'double' };

/** A convolution of an odd kernel, at stride 1. */
export const convolutionStep = (kernel: number): PathStep => ({
  kind: 'convolution',
  radius: (kernel - 1) / 2,
});

/** A 2×2 pooling. */
export const poolingStep: PathStep = { kind: 'halve', before: 0, after: 0 };

/** A 3×3 convolution of stride 2, padded by 1. */
export const stridedConvolutionStep: PathStep = { kind: 'halve', before: 1, after: 0 };

/** Doubling by repetition of pixels, or by a transposed 2×2 convolution of stride 2. */
export const doublingStep: PathStep = { kind: 'double' };

/**
 * How far an output pixel looks at most, in pixels of the input, along a path given from the input to the output; counted,
 * where the output is larger, from the input pixel that the output pixel is a part of.
 * Where sizes are halved, how far depends on where the pixel lies in the grid of the coarsest level, and where they are
 * doubled, on which part of an input pixel it is: the largest over all such positions is returned. Exact for a U-Net
 * whose path goes through its coarsest level, as all shorter paths see a part of that.
 *
 * @example
 * receptiveFieldReach([convolutionStep(3), poolingStep, convolutionStep(3), doublingStep]); // 4
 */
export function receptiveFieldReach(path: readonly PathStep[]): number {
  let level = 0;
  let coarsest = 0;
  for (const { kind } of path) {
    if (kind !== 'convolution') level += kind === 'halve' ? 1 : -1;
    coarsest = Math.max(coarsest, level);
  }
  const scale = 2 ** -level;
  const period = 2 ** coarsest * scale;
  let reach = 0;
  for (let pixel = 0; pixel < period; pixel++) {
    let [first, last] = [pixel, pixel];
    for (const step of path.toReversed()) {
      if (step.kind === 'convolution') [first, last] = [first - step.radius, last + step.radius];
      else if (step.kind === 'halve') [first, last] = [2 * first - step.before, 2 * last + 1 + step.after];
      else [first, last] = [Math.floor(first / 2), Math.floor(last / 2)];
    }
    const origin = Math.floor(pixel / scale);
    reach = Math.max(reach, origin - first, last - origin);
  }
  return reach;
}
