import { storedRasters } from '#images/picture-files';
import { findRangeFactor, multiplied, type Picture, type Raster, rasterOf } from '../pixels/index.js';
import type { Random } from '../random.js';

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
export async function openShelf({
  files,
  pictures,
  rasters,
  maxBytes,
}: ShelfContents): Promise<PictureShelf> {
  const inMemory: Raster[] = [...rasters];
  for (const picture of pictures)
    inMemory.push(rasterOf(await multiplied(picture, await findRangeFactor(picture))));
  const stored = await storedRasters(files, maxBytes);
  const areas = [...inMemory.map(({ width, height }) => width * height), ...stored.areas];
  const pick = pickByArea(areas);
  return {
    async draw(random) {
      const index = pick(random);
      return inMemory[index] ?? stored.get(index - inMemory.length);
    },
  };
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
