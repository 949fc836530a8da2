import { inverted, type Matrix } from './colour-matrix.js';
import type { Planes } from '../pixels/index.js';
import { decodeBy, encodeBy, type ToneCurve } from './tone-curve.js';

/** What a camera does to colours, without its noise. */
export interface Development {
  readonly curve: ToneCurve;
  /** From the camera's colours to the display's. */
  readonly matrix: Matrix;
  readonly gains: readonly [red: number, green: number, blue: number];
  readonly exposure: number;
}

// Each loop does all that is done to a pixel. `fround` keeps the steps in single precision, so that what a seed draws
// does not depend on how they are put together.
const { fround } = Math;

/** The light on the sensor, in the camera's own colours, in [0, 1]: `[3, height, width]`. */
export function sensorLight(planes: Planes, how: Development): Float32Array<ArrayBuffer> {
  const area = planes.width * planes.height;
  const light = new Float32Array(3 * area);
  for (const channel of [0, 1, 2] as const)
    fill(light.subarray(channel * area), planes, channel, how, { first: 0, end: area, step: 1 });
  return light;
}

/** The light on a sensor with the pattern RGGB, one sample of each pixel, in [0, 1]: `[height, width]`. */
export function mosaicLight(planes: Planes, how: Development): Float32Array<ArrayBuffer> {
  const { width, height } = planes;
  const light = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const end = (y + 1) * width;
    const [even, odd] = (y & 1) === 0 ? ([0, 1] as const) : ([1, 2] as const);
    fill(light, planes, even, how, { first: y * width, end, step: 2 });
    fill(light, planes, odd, how, { first: y * width + 1, end, step: 2 });
  }
  return light;
}

/** The light of one of the camera's colours at some pixels. */
function fill(
  light: Float32Array,
  { data, width, height }: Planes,
  channel: 0 | 1 | 2,
  { curve: { backward }, matrix, gains, exposure }: Development,
  { first, end, step }: { readonly first: number; readonly end: number; readonly step: number },
): void {
  const area = width * height;
  const inverse = inverted(matrix);
  const [a = 0, b = 0, c = 0] = inverse.slice(3 * channel, 3 * channel + 3);
  const gain = gains[channel];
  for (let p = first; p < end; p += step) {
    const red = fround(decodeBy(backward, data[p] ?? 0) * exposure);
    const green = fround(decodeBy(backward, data[area + p] ?? 0) * exposure);
    const blue = fround(decodeBy(backward, data[2 * area + p] ?? 0) * exposure);
    light[p] = Math.min(1, Math.max(0, fround(a * red + b * green + c * blue) / gain));
  }
}

/** White balance, the display's colours and the tone curve, in place: `[3, height, width]`; ends at 0 and 1. */
export function develop(planes: Float32Array, { curve: { forward }, matrix, gains }: Development): void {
  const area = planes.length / 3;
  const [a, b, c, d, e, f, g, h, i] = matrix;
  const [redGain, greenGain, blueGain] = gains;
  for (let p = 0; p < area; p++) {
    const red = fround(Math.min(1, (planes[p] ?? 0) * redGain));
    const green = fround(Math.min(1, (planes[area + p] ?? 0) * greenGain));
    const blue = fround(Math.min(1, (planes[2 * area + p] ?? 0) * blueGain));
    planes[p] = encodeBy(forward, fround(a * red + b * green + c * blue));
    planes[area + p] = encodeBy(forward, fround(d * red + e * green + f * blue));
    planes[2 * area + p] = encodeBy(forward, fround(g * red + h * green + i * blue));
  }
}
