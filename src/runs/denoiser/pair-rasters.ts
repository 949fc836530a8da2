import { RevelaError } from '../../errors.js';
import {
  findRangeFactor,
  multiplied,
  type PicturePair,
  type Raster,
  readPicture,
} from '../../images/index.js';
import { laidOver, layPicture } from '../laid-over.js';

/**
 * Reads pairs and lays the noisy and the clean picture over each other, of which patches are cut together, both multiplied
 * alike into the range of networks: 12 bytes a pixel.
 *
 * @throws RevelaError if a picture cannot be read or a pair differs in size
 */
export async function pairRasters(pairs: readonly PicturePair[]): Promise<readonly Raster[]> {
  const rasters: Raster[] = [];
  for (const { noisy, clean } of pairs) {
    const [one, other] = [await readPicture(noisy), await readPicture(clean)];
    if (other.width !== one.width || other.height !== one.height)
      throw new RevelaError(
        `${noisy} is ${one.width}×${one.height} and ${clean} is ${other.width}×${other.height}; a pair must show the same scene, pixel by pixel`,
      );
    const raster = laidOver(one, 2);
    const factor = await findRangeFactor(one);
    layPicture(raster, 0, await multiplied(one, factor));
    layPicture(raster, 1, await multiplied(other, factor));
    rasters.push(raster);
  }
  return rasters;
}
