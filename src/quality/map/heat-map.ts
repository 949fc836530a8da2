import { checked } from '../../options/plain.js';
import { markedAsResult } from '../../images/index.js';
import type { Picture } from '../../pixels/index.js';
import { type HeatMapOptions, heatMapOptions } from '../arithmetic-options.js';
import { heatColours } from './heat-colours.js';
import type { QualityMap } from './quality-map.js';

/**
 * Colours a map of quality, red where it is bad and blue where it is good, and lays it over the picture in grey.
 *
 * @param picture the one that the map is of, at its own size
 * @returns a picture of 8 bits of that size, or as long as `longSide`: red, green and blue, opaque, without metadata
 * @throws OptionError for an opacity, a range or a long side that cannot be
 *
 * @example
 * const map = await scorer.map('photo.jpg');
 * await writePicture('photo.map.png', heatMap(map, await readPicture('photo.jpg')));
 */
export function heatMap(map: QualityMap, picture: Picture, options: HeatMapOptions = {}): Picture {
  return {
    ...heatColours(map, picture, checked('heatMap', heatMapOptions, options)),
    channels: 3,
    bitDepth: 8,
    format: 'png',
    metadata: markedAsResult({}, 'map'),
  };
}
