import { heatColours, type QualityMap } from '../quality/anywhere.js';
import { forScreen, type PageImage, pageOfPicture, pictureOfPage, type ScreenPixels } from './page-image.js';

/**
 * Colours a map of quality over its image in grey, as `revela score --map` does: red where it is bad, blue where it is good.
 *
 * @returns pixels of the image's size, or smaller where its longer side is over 2048
 *
 * @example
 * const { map } = await revela.score(image);
 * if (map === undefined) return;
 * const { data, width: across, height: down } = drawMap(image, map);
 * context.putImageData(new ImageData(data, across, down), 0, 0);
 */
export function drawMap(image: PageImage, map: QualityMap): ScreenPixels {
  const colours = heatColours(map, pictureOfPage(image));
  return forScreen(pageOfPicture({ channels: 3, ...colours, bitDepth: 8, format: 'png', metadata: {} }));
}
