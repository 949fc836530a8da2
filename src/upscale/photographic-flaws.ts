import { reflectIndex, type Planes, bt601 } from '../pixels/index.js';
import type { BlurKernel } from './blur-kernels.js';
import { clamp } from '../noise/index.js';

const shares = [bt601.red, bt601.green, bt601.blue];

/** The blur of a lens that is out of focus: a disc, its edge as far in a pixel as the disc reaches into it. */
export function discKernel(radius: number): BlurKernel {
  const reach = Math.ceil(radius);
  const size = 2 * reach + 1;
  const weights = Float64Array.from({ length: size * size }, (_, i) => {
    const distance = Math.hypot((i % size) - reach, Math.floor(i / size) - reach);
    return Math.min(1, Math.max(0, radius + 0.5 - distance));
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { size, weights: weights.map((weight) => weight / sum) };
}

/**
 * The blur of a camera that moved: the mean along a line through each pixel, one sample a pixel of its length, at the
 * nearest pixels. The picture is mirrored at its edges.
 *
 * @param length of the line, in pixels
 * @param angle of the line, in radians
 */
export function motionBlur(planes: Planes, length: number, angle: number): Planes {
  const { channels, width, height } = planes;
  const samples = Math.max(1, Math.round(length));
  const steps = Array.from({ length: samples }, (_, i) => (samples === 1 ? 0 : i / (samples - 1) - 0.5));
  const data = new Float32Array(planes.data.length);
  for (const step of steps) {
    const dx = Math.round(step * length * Math.cos(angle));
    const dy = Math.round(step * length * Math.sin(angle));
    const columns = Int32Array.from({ length: width }, (_, x) => reflectIndex(x + dx, width));
    for (let to = 0, row = 0; row < channels * height; row++) {
      const y = row % height;
      const from = (row - y + reflectIndex(y + dy, height)) * width;
      for (let x = 0; x < width; x++, to++)
        data[to] = (data[to] ?? 0) + (planes.data[from + (columns[x] ?? 0)] ?? 0);
    }
  }
  for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) / samples;
  return { ...planes, data };
}

/**
 * More or less light on the sensor: values are taken for gamma 2.2, the light is doubled `stops` times (halved where
 * that is negative), what is brighter than white is white, and what is left is rounded to 8 bits, in which the
 * shadows of a dark picture are lost.
 */
export function changeExposure(planes: Planes, stops: number): Planes {
  const gain = 2 ** (stops / 2.2);
  const data = planes.data.map((value) => Math.round(Math.min(1, value * gain) * 255) / 255);
  return { ...planes, data };
}

/** Draws all values towards a level, as haze and flat light do: what is kept is `share` of the difference. */
export function drawTowards(planes: Planes, level: number, share: number): Planes {
  const data = planes.data.map((value) => level + (value - level) * share);
  clamp(data);
  return { ...planes, data };
}

/** Takes colour away: what is kept is `share` of the difference to the brightness. Pictures of one channel stay as they are. */
export function fade(planes: Planes, share: number): Planes {
  if (planes.channels !== 3) return planes;
  const area = planes.width * planes.height;
  const data = new Float32Array(planes.data.length);
  for (let i = 0; i < area; i++) {
    let brightness = 0;
    for (let channel = 0, at = i; channel < 3; channel++, at += area)
      brightness += (shares[channel] ?? 0) * (planes.data[at] ?? 0);
    for (let at = i; at < data.length; at += area)
      data[at] = brightness + ((planes.data[at] ?? 0) - brightness) * share;
  }
  return { ...planes, data };
}

/** Multiplies each channel by a factor, as a wrong white balance does. */
export function tint(planes: Planes, factors: readonly number[]): Planes {
  const area = planes.width * planes.height;
  const data = planes.data.map((value, i) => value * (factors[Math.floor(i / area)] ?? 1));
  clamp(data);
  return { ...planes, data };
}

/** Mean of all values. */
export function meanValue({ data }: Planes): number {
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}
