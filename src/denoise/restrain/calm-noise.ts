import { alikeMeans, bt601, differenceScales, lumaOfColour, type Planes } from '../../pixels/index.js';
import type { NoiseMeasurement } from '../measure-noise/measure-noise.js';
import { measuredDeviation } from './measured-deviation.js';

/** JPEG's colour differences. */
const { red: RED, green: GREEN, blue: BLUE } = bt601;
const { blue: CB, red: CR } = differenceScales;

/** What is taken for noise: so many times its deviation, because real noise is a little coarser than what is measured in its middle band. */
const TIMES = 1.5;

/**
 * A picture without most of its noise, at once and without a network: brightness and both differences of colour become the means of the
 * places around them that are alike ({@link alikeMeans}). Fine detail goes with the noise; it serves to see what lies beneath it.
 * *Its factor is this program's own.*
 *
 * @param picture `[3, height, width]`, `[0, 1]`; of other than 3 channels it is given back as it is
 * @param noise what was measured in it
 *
 * @example
 * const beneath = calmNoise(picture, measureNoise(picture));
 */
export function calmNoise(picture: Planes, { levels, luma: measured, chroma }: NoiseMeasurement): Planes {
  const { channels, width, height, data } = picture;
  if (channels !== 3 || measured === 0) return picture;
  const area = width * height;
  const [luma, blue, red] = [new Float32Array(area), new Float32Array(area), new Float32Array(area)];
  for (let i = 0; i < area; i++) {
    const [r = 0, g = 0, b = 0] = [data[i], data[area + i], data[2 * area + i]];
    const y = lumaOfColour(r, g, b);
    luma[i] = y;
    blue[i] = (b - y) / CB;
    red[i] = (r - y) / CR;
  }
  const deviation = measuredDeviation(levels, (level) => level.luma);
  const calm = alikeMeans(luma, width, (level) => (TIMES * deviation(level)) ** 2);
  const [calmBlue, calmRed] = [blue, red].map((map) => alikeMeans(map, width, () => (TIMES * chroma) ** 2));
  const result = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    const y = calm[i] ?? 0;
    const [r, b] = [y + CR * (calmRed?.[i] ?? 0), y + CB * (calmBlue?.[i] ?? 0)];
    result[i] = r;
    result[area + i] = (y - RED * r - BLUE * b) / GREEN;
    result[2 * area + i] = b;
  }
  return { ...picture, data: result };
}
