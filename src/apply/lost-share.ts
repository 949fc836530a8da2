import { OptionError } from '../errors.js';
import { inSharedMemory } from '../in-thread.js';
import type { Picture } from '../pixels/index.js';
import { giveBackAside, type GivingBack } from '../upscale/anywhere.js';

/** Steps after which an enlarged picture that is made small again is the given one, to about 60 dB. */
const STEPS = 3;

/**
 * What of a picture that its enlargement lost is given back.
 *
 * @param denoise how much of it stays away, 0 to 100; default: all, but for `faithful` none
 * @param faithful whether `faithful` enlarges, which takes every pixel for the truth
 * @returns `undefined` where nothing is
 * @throws OptionError for `faithful`, which does not clean
 */
export function givingBack(denoise: number | undefined, faithful: boolean): GivingBack | undefined {
  if (denoise === undefined) return faithful ? { share: 1, steps: STEPS } : undefined;
  if (faithful)
    throw new OptionError(
      '`denoise` is for upscalers that clean, and faithful takes every pixel for the truth: leave it out, or take photo',
    );
  // What returns is noise: one step enlarges it softly, more would make a pattern of it.
  return denoise === 100 ? undefined : { share: 1 - denoise / 100, steps: 1 };
}

/**
 * Gives back to an enlargement what it lost, where it lies.
 *
 * @param enlarged the planes of the result, in memory that threads share
 */
export async function giveBackLost(
  enlarged: Float32Array,
  { width, height, channels, data }: Picture,
  scale: number,
  giving: GivingBack,
): Promise<void> {
  const small = await inSharedMemory(data);
  const [area, largeArea] = [width * height, width * height * scale ** 2];
  await Promise.all(
    Array.from({ length: channels }, (_, c) =>
      giveBackAside(
        enlarged.subarray(c * largeArea, (c + 1) * largeArea),
        small.subarray(c * area, (c + 1) * area),
        { width, height, scale },
        giving,
      ),
    ),
  );
}
