import { open, stat } from 'node:fs/promises';
import { fileError } from '../../file-errors.js';
import { type Raster, rasterInNetworkRange } from '../../pixels/index.js';
import { decode } from '../decode.js';
import { withoutHarmfulExif } from '../harmful-exif.js';
import { inspect } from '../inspect.js';
import { parseJpeg } from '../jpeg-file.js';
import { RasterCache } from '../raster-cache.js';
import { checkFile, loadBytes } from '../read.js';

/** Pictures of files, decoded when they are asked for. */
export interface StoredRasters {
  /** Their pixels, in the order of the files. */
  readonly areas: readonly number[];
  get(index: number): Promise<Raster>;
}

/**
 * Reads the headers of picture files.
 *
 * @param maxBytes how many bytes of decoded files may be kept
 * @throws RevelaError if one cannot be read
 */
export async function storedRasters(files: readonly string[], maxBytes: number): Promise<StoredRasters> {
  const areas: number[] = [];
  for (const file of files) {
    const { width, height } = await pictureSize(file);
    areas.push(width * height);
  }
  const cache = new RasterCache((index) => decodeFile(files[index] ?? ''), maxBytes);
  return { areas, get: (index) => cache.get(index) };
}

/**
 * The size of a picture file, upright, from its header alone.
 *
 * @throws RevelaError as `describePicture` does
 */
export async function pictureSize(
  file: string,
): Promise<{ readonly width: number; readonly height: number }> {
  await checkFile(file);
  const { size } = await stat(file);
  const { width, height } = await inspect(await headOf(file), file, undefined, size);
  return { width, height };
}

/** So much of a file is read for its header, where that is enough. */
const headBytes = 2 ** 20;

/** The bytes of a picture file, or of a large JPEG file those before its pixels. */
async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path).catch((error: unknown) => {
    throw fileError(`cannot read ${path}`, error);
  });
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(headBytes), position: 0 });
    const head = buffer.subarray(0, bytesRead);
    if (bytesRead < headBytes || parseJpeg(head) !== undefined) return withoutHarmfulExif(head);
  } finally {
    await file.close();
  }
  return (await loadBytes(path)).bytes;
}

async function decodeFile(path: string): Promise<Raster> {
  const { bytes } = await loadBytes(path);
  // Whoever asked for its size has checked it; here it may be read in another thread, which nobody told what is allowed.
  const header = await inspect(bytes, path, Number.POSITIVE_INFINITY);
  return rasterInNetworkRange(await decode(bytes, header, path));
}
