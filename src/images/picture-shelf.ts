import { open, stat } from 'node:fs/promises';
import { fileError } from '../file-errors.js';
import type { Random } from '../random.js';
import { decode } from './decode.js';
import { withoutHarmfulExif } from './harmful-exif.js';
import { inspect } from './inspect.js';
import { parseJpeg } from './jpeg-file.js';
import {
  findRangeFactor,
  multiplied,
  type Picture,
  type Raster,
  rasterInNetworkRange,
  rasterOf,
} from '../pixels/index.js';
import { RasterCache } from './raster-cache.js';
import { checkFile, loadBytes } from './read.js';

/** The pictures that patches are cut from. */
export interface ShelfContents {
  readonly files: readonly string[];
  readonly pictures: readonly Picture[];
  /** Pictures of any number of channels, of which there are no files. */
  readonly rasters: readonly Raster[];
  /** How many bytes of decoded files may be kept. */
  readonly maxBytes: number;
}

/** Pictures to draw from: those in memory first, then those of files, which are decoded when they are drawn. */
export interface PictureShelf {
  /** Draws a picture in proportion to its area: a pixel is as likely as any other. One number is drawn. */
  draw(random: Pick<Random, 'uniform'>): Promise<Raster>;
}

/**
 * Reads the headers of the files. What is drawn depends on the contents in their order alone; the memory bound changes
 * only how often files are decoded.
 *
 * @throws RevelaError if a file cannot be read
 */
export async function openShelf(contents: ShelfContents): Promise<PictureShelf> {
  const { files, pictures, rasters, maxBytes } = contents;
  const inMemory: Raster[] = [...rasters];
  for (const picture of pictures)
    inMemory.push(rasterOf(await multiplied(picture, await findRangeFactor(picture))));
  const areas = inMemory.map(({ width, height }) => width * height);
  for (const file of files) {
    const { width, height } = await pictureSize(file);
    areas.push(width * height);
  }
  const pick = pickByArea(areas);
  const cache = new RasterCache((index) => decodeFile(files[index] ?? ''), maxBytes);
  return {
    async draw(random) {
      const index = pick(random);
      return inMemory[index] ?? cache.get(index - inMemory.length);
    },
  };
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

/** Draws the number of a picture, each in proportion to its area. */
function pickByArea(areas: readonly number[]): (random: Pick<Random, 'uniform'>) => number {
  let total = 0;
  const ends = areas.map((area) => {
    total += area;
    return total;
  });
  return (random) => {
    const place = random.uniform() * total;
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

async function decodeFile(path: string): Promise<Raster> {
  const { bytes } = await loadBytes(path);
  // Whoever asked for its size has checked it; here it may be read in another thread, which nobody told what is allowed.
  const header = await inspect(bytes, path, Number.POSITIVE_INFINITY);
  return rasterInNetworkRange(await decode(bytes, header, path));
}
