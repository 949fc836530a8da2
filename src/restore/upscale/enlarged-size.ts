import { OptionError, RevelaError } from '../../errors.js';
import { defaultMaxMegapixels } from '../../images/index.js';
import { wholeNumber } from '../../option-checks.js';
import type { UpscalerWeights } from '../../models/index.js';

/** The scales that can be asked for. */
const [LEAST, MOST] = [2, 4] as const;

/**
 * By how much pictures are enlarged: as asked for, at most as the network does it; else as the network does it.
 *
 * @throws OptionError for a scale that these weights cannot give
 */
export function settleScale(
  { description }: Pick<UpscalerWeights, 'description'>,
  scale: number = description.scale,
): number {
  if (scale === description.scale) return scale;
  wholeNumber(scale, LEAST, MOST, 'scale');
  if (scale > description.scale)
    throw new OptionError(
      `\`scale\` ${scale} is more than these weights can do, which enlarge by ${description.scale}: leave it out, or give other weights`,
    );
  return scale;
}

/** Rounded up, so that what is above a limit is shown to be. */
const megapixelText = (megapixels: number): string =>
  String(megapixels < 10 ? Math.ceil(megapixels * 100) / 100 : Math.ceil(megapixels));

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The size that a picture will have.
 *
 * @param name what messages call the picture
 * @param maxMegapixels of the result
 * @throws RevelaError if it is larger than that
 */
export function enlargedSize(
  { width, height }: Size,
  scale: number,
  name: string,
  maxMegapixels: number = defaultMaxMegapixels,
): Size {
  const enlarged = { width: width * scale, height: height * scale };
  const megapixels = (enlarged.width * enlarged.height) / 1e6;
  if (megapixels > maxMegapixels)
    throw new RevelaError(
      `${name} would become ${enlarged.width}×${enlarged.height} = ${megapixelText(megapixels)} megapixels, more than the limit of ${maxMegapixels}; give a smaller \`scale\`, cut it into parts, or allow more with \`maxMegapixels\``,
      { code: 'ERR_TOO_LARGE' },
    );
  return enlarged;
}
