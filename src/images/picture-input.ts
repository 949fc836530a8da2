import { fileURLToPath } from 'node:url';
import { OptionError } from '../errors.js';
import { type BytesHolder, type ByteStream, bytesOfHolder, bytesOfStream } from './byte-stream.js';
import type { Picture } from '../pixels/index.js';
import { pictureOfRaw, type RawPixels } from './raw-pixels.js';

/** What sharp gives for `toBuffer({ resolveWithObject: true })`: raw pixels, or a file. */
export interface SharpOutput {
  readonly data: Uint8Array;
  readonly info: {
    readonly format: string;
    readonly width: number;
    readonly height: number;
    readonly channels: number;
  };
}

/** A picture file: a path, a `file:` address, its bytes, or what gives them. */
export type PictureFile = string | URL | Uint8Array | ArrayBuffer | BytesHolder | ByteStream;

/** A picture as all functions take it: a file, raw pixels, what sharp gives, or a decoded picture. */
export type PictureInput = PictureFile | RawPixels | SharpOutput | Picture;

/** A picture that can be looked at again and again: a path, the bytes of a file, or decoded. */
export type HeldPicture = string | Uint8Array | Picture;

/** Whether a picture is yet to be decoded. */
export const isFile = (held: HeldPicture): held is string | Uint8Array =>
  typeof held === 'string' || held instanceof Uint8Array;

/**
 * Takes a picture in, of whatever form; a stream is read to its end. Paths are not looked at yet, nor is what seems to be a
 * decoded picture.
 *
 * @param signal stops waiting for a stream
 * @throws OptionError for raw pixels that do not fit together, and for addresses that are not files
 */
export async function holdPicture(input: PictureInput, signal?: AbortSignal): Promise<HeldPicture> {
  if (isPictureFile(input)) return holdFile(input, signal);
  // Types do not keep programs in JavaScript from giving anything at all: whoever looks at it says what is wrong.
  if (typeof input !== 'object' || input === null) return input;
  if ('info' in input) return input.info.format === 'raw' ? pictureOfRaw(rawOf(input)) : input.data;
  return isRaw(input) ? pictureOfRaw(input) : input;
}

/**
 * Reads what comes as a stream or a blob, and leaves everything else as it is. To be done before anything is waited for: what
 * a stream fails with while nobody listens ends the process, and a slow one is not to take another picture's place.
 *
 * @throws as {@link holdFile}
 */
export async function arrived(input: PictureInput, signal?: AbortSignal): Promise<PictureInput> {
  return isPictureFile(input) ? holdFile(input, signal) : input;
}

/**
 * The path or the bytes of a picture file.
 *
 * @param signal stops waiting for a stream or a blob
 * @throws OptionError for addresses that are not files; RevelaError for a stream or a blob that fails, or does not end
 */
export async function holdFile(file: PictureFile, signal?: AbortSignal): Promise<string | Uint8Array> {
  if (typeof file === 'string' || file instanceof Uint8Array) return file;
  if (file instanceof URL) return pathOf(file);
  if (file instanceof ArrayBuffer) return new Uint8Array(file);
  if ('arrayBuffer' in file) return bytesOfHolder(file, signal);
  return bytesOfStream(file, signal);
}

function isPictureFile(input: PictureInput): input is PictureFile {
  if (typeof input === 'string') return true;
  if (typeof input !== 'object' || input === null) return false;
  if (input instanceof Uint8Array || input instanceof URL || input instanceof ArrayBuffer) return true;
  return 'arrayBuffer' in input || Symbol.asyncIterator in input || 'getReader' in input;
}

/** Whether pixels are no decoded picture, which says of itself what it came from. */
function isRaw(input: RawPixels | Picture): input is RawPixels {
  return 'data' in input && !('metadata' in input || 'format' in input || 'bitDepth' in input);
}

/**
 * The path of a file that is given by its path or address.
 *
 * @throws OptionError for the address of something else than a file
 */
export function pathOf(file: string | URL): string {
  if (typeof file === 'string') return file;
  if (file.protocol === 'file:') return fileURLToPath(file);
  throw new OptionError(
    `${file.protocol}//… is not the address of a file; fetch it first, and give what fetch answers`,
  );
}

/** Sharp's raw pixels: bytes, of which 1, 2 or 4 are a sample. */
function rawOf({ data, info: { width, height, channels } }: SharpOutput): RawPixels {
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4)
    throw new OptionError(`sharp's pixels must have 1 to 4 channels, got ${channels}`);
  const size = { width, height, channels } as const;
  const bytes = data.length / (width * height * channels);
  if (bytes === 1) return { data, ...size };
  // Where the bytes lie may not suit larger samples.
  const { buffer } = Uint8Array.from(data);
  if (bytes === 2) return { data: new Uint16Array(buffer), ...size };
  if (bytes === 4) return { data: floatsIn(buffer), ...size };
  throw new OptionError(
    `sharp's raw pixels must be of the depth uchar, ushort or float; ${data.length} bytes are not of ${width} × ${height} pixels and ${channels} channels`,
  );
}

/** Sharp's floats lie in [0, 1] in the colour space scrgb alone; of other pictures they go as far as 255 or 65535. */
const MOST_FLOAT = 16;

function floatsIn(buffer: ArrayBuffer): Float32Array {
  const floats = new Float32Array(buffer);
  if (floats.some((value) => value > MOST_FLOAT))
    throw new OptionError(
      "sharp's raw floats must lie in [0, 1], and these go beyond; divide them, or take the depth uchar or ushort",
    );
  return floats;
}
