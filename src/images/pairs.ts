import { matchByName, type NameMatch, type PictureKinds, pairByName, unpaired } from './pair-by-name.js';

/** A noisy picture and the clean one of the same scene. */
export interface PicturePair {
  /** What both names have in common, for people: `chair_11` of `chair_11_real.JPG` and `chair_11_mean.JPG`. */
  readonly name: string;
  readonly noisy: string;
  readonly clean: string;
}

/** Which pictures belong together; see {@link pairPictures}. */
export interface PicturePairing {
  /** In the order of the noisy pictures. */
  readonly pairs: readonly PicturePair[];
  /** Clean pictures that no noisy one belongs to. */
  readonly spareClean: readonly string[];
}

/** As the public data sets call them. */
const noisyAndClean: PictureKinds = {
  one: { name: 'noisy', words: new Set(['noisy', 'noise', 'real', 'input', 'lq']) },
  other: {
    name: 'clean',
    words: new Set(['clean', 'mean', 'gt', 'ref', 'reference', 'target', 'truth']),
  },
  examples: '_noisy and _clean, _real and _mean, or GT',
};

/** Likewise. */
const largeAndSmall: PictureKinds = {
  one: { name: 'large', words: new Set(['large', 'hr', 'gt', 'original', 'ref', 'target', 'truth']) },
  other: {
    name: 'small',
    words: new Set(['small', 'lr', 'lq', 'input', 'degraded', 'x2', 'x3', 'x4', 'x8']),
  },
  examples: '_HR and _LR, _large and _small, or x4',
};

/**
 * Pairs noisy and clean pictures by their names, see {@link pairByName}: by the words `noisy`, `real`, `input`… and
 * `clean`, `mean`, `gt`….
 *
 * @param noisy paths of files
 * @param clean paths of files
 * @throws RevelaError if a noisy picture has no clean one, or two of a list are the same scene
 *
 * @example
 * pairPictures(['noisy/1_real.JPG'], ['clean/1_mean.png']).pairs;
 * // [{ name: '1', noisy: 'noisy/1_real.JPG', clean: 'clean/1_mean.png' }]
 */
export function pairPictures(noisy: readonly string[], clean: readonly string[]): PicturePairing {
  const { pairs, spare } = pairByName(noisy, clean, noisyAndClean);
  return {
    pairs: pairs.map(({ name, one, other }) => ({ name, noisy: one, clean: other })),
    spareClean: spare,
  };
}

/**
 * Pairs large pictures and small ones of the same scenes by their names, see {@link pairByName}: by the words `hr`, `large`,
 * `gt`… and `lr`, `small`, `x4`….
 *
 * @param large paths of files
 * @param small paths of files
 * @returns the pairs in the order of the large pictures, and small ones that are in none
 * @throws RevelaError if a large picture has no small one, or two of a list are the same scene
 *
 * @example
 * pairLargeAndSmall(['HR/0801.png'], ['LR/0801x4.png']).pairs;
 * // [{ name: '0801', large: 'HR/0801.png', small: 'LR/0801x4.png' }]
 */
export function pairLargeAndSmall(
  large: readonly string[],
  small: readonly string[],
): {
  readonly pairs: readonly { readonly name: string; readonly large: string; readonly small: string }[];
  readonly spareSmall: readonly string[];
} {
  const { pairs, spare } = pairByName(large, small, largeAndSmall);
  return {
    pairs: pairs.map(({ name, one, other }) => ({ name, large: one, small: other })),
    spareSmall: spare,
  };
}

/** What a program made, and what it was made of or should have been. */
const madeAndReference: PictureKinds = {
  one: {
    name: 'compared',
    words: new Set([
      ...['noisy', 'noise', 'real', 'input', 'lq', 'lr', 'small', 'degraded', 'x2', 'x3', 'x4', 'x8'],
      ...['compared', 'denoised', 'enlarged', 'restored', 'enhanced', 'output', 'result', 'sr', 'out'],
    ]),
  },
  other: {
    name: 'reference',
    words: new Set(['clean', 'mean', 'gt', 'hr', 'large', 'ref', 'reference', 'original', 'target', 'truth']),
  },
  examples: '_denoised, _noisy or .x4, and _clean, _HR or GT',
};

/**
 * Pairs pictures with references by their names, see {@link matchByName}: by the words `denoised`, `noisy`, `x4`… and
 * `clean`, `hr`, `reference`….
 *
 * @param pictures paths of files
 * @param references paths of files
 * @returns the pairs in the order of the pictures, pictures without a reference, and references without a picture
 * @throws RevelaError if there is no pair, or two of a list are the same scene
 *
 * @example
 * pairWithReferences(['out/1.denoised.png'], ['clean/1.png']).pairs;
 * // [{ name: '1', one: 'out/1.denoised.png', other: 'clean/1.png' }]
 */
export function pairWithReferences(pictures: readonly string[], references: readonly string[]): NameMatch {
  const match = matchByName(pictures, references, madeAndReference);
  if (match.pairs.length === 0) throw unpaired(match.alone, match.pairs, match.spare, madeAndReference);
  return match;
}
