import { RevelaError } from '../errors.js';
import { allowedMegapixels } from '../picture-limit.js';

/** Pictures of more megapixels are refused, before decoding, unless the caller says otherwise. */
export const defaultMaxMegapixels = 300;

/** A picture as its header describes it. */
export interface DeclaredPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly hasAlpha: boolean;
  readonly bitDepth: 8 | 16;
  /** Bytes of the file. */
  readonly fileSize: number;
}

/** No photograph of so many megapixels is packed to less than this part of its samples. */
const suspicious = { megapixels: 50, part: 1 / 250 } as const;

/**
 * Refuses, before it is decoded, a picture that takes more than it may: more megapixels than the caller or the user
 * allows; where neither said anything, more than 300, more memory than the machine has free, or hundreds of times of what
 * its file weighs.
 *
 * @param name what messages call it
 * @param maxMegapixels what the caller allows, whatever memory that takes
 * @param free bytes of memory that can be had
 * @throws RevelaError, one line that says what it would take and how to allow it
 */
export function checkDecodable(
  picture: DeclaredPicture,
  name: string,
  maxMegapixels = allowedMegapixels(),
  free = process.availableMemory(),
): void {
  const { width, height, fileSize } = picture;
  const megapixels = (width * height) / 1e6;
  const most = maxMegapixels ?? defaultMaxMegapixels;
  const { samples, whole } = bytesOf(picture);
  const size = `${width}×${height} = ${Math.round(megapixels)} megapixels`;
  const allowing = `\`readPicture(…, { maxMegapixels: ${Math.ceil(megapixels)} })\``;
  const remedy = `make it smaller or cut it into parts, or allow it with ${allowing}`;
  if (megapixels > most)
    throw new RevelaError(
      `${name} has ${size}, more than the limit of ${most}; they would take ${inGigabytes(whole)} of memory: ${remedy}`,
      { code: 'ERR_TOO_LARGE' },
    );
  if (maxMegapixels !== undefined) return;
  if (whole > free)
    throw new RevelaError(
      `${name} has ${size}, which take ${inGigabytes(whole)} of memory where ${inGigabytes(free)} are free; ${remedy}`,
      { code: 'ERR_TOO_LARGE' },
    );
  if (megapixels > suspicious.megapixels && fileSize < samples * suspicious.part)
    throw new RevelaError(
      `${name} is a file of ${inGigabytes(fileSize)} that opens to ${size}, which take ${inGigabytes(whole)} of memory; if it is what it should be, allow it with ${allowing}`,
      { code: 'ERR_TOO_LARGE' },
    );
}

/** Bytes of the decoded samples, and of these together with the numbers that are made of them. */
function bytesOf({ width, height, channels, hasAlpha, bitDepth }: DeclaredPicture): {
  readonly samples: number;
  readonly whole: number;
} {
  const area = width * height;
  const samples = (area * (channels + (hasAlpha ? 1 : 0)) * bitDepth) / 8;
  return { samples, whole: samples + area * channels * Float32Array.BYTES_PER_ELEMENT };
}

function inGigabytes(bytes: number): string {
  return bytes >= 1e8 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e4) / 100} MB`;
}
