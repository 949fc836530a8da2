import type { Planes } from '../pixels/index.js';
import { comparingMeasures } from './measures.js';
import type { PixelMeasure } from './pixel-measure.js';
import type { OptionsOf } from '../options/index.js';
import type { OptionTable } from './measure-option.js';

/**
 * What a measure of pixels says of two pictures; a function of its own, so that another thread can be asked.
 *
 * @throws RevelaError as the measure does
 */
export function comparedByPixels(
  name: string,
  picture: Planes,
  reference: Planes,
  options: OptionsOf<OptionTable>,
): number {
  const found: PixelMeasure<OptionTable> | undefined = comparingMeasures
    .filter((measure) => measure.kind === 'pixels')
    .find(({ facts }) => facts.name === name);
  if (found === undefined) throw new RangeError(`no measure of pixels is called ${name}`);
  return found.compare(picture, reference, options);
}
