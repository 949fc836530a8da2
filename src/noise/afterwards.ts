import { bicubicResize } from '../images/index.js';
import type { Random } from '../random.js';
import type { Shot } from './camera.js';
import { between, happens, oneOf } from './draws.js';
import { gaussianBlur } from './gaussian-blur.js';
import { compressJpeg } from './jpeg.js';
import { clamp, type Planes } from './planes.js';
import { resize } from './resize.js';

/** How likely cameras and people do what to a picture after it was taken. */
export interface AfterwardsSettings {
  readonly denoised: number;
  readonly sharpened: number;
  readonly smaller: number;
  readonly larger: number;
  readonly jpeg: number;
  readonly secondJpeg: number;
}

export const anyAfterwards: AfterwardsSettings = {
  denoised: 0.35,
  sharpened: 0.35,
  smaller: 0.3,
  larger: 0.1,
  jpeg: 0.65,
  secondJpeg: 0.12,
};

/**
 * What cameras and people do to a picture that was taken, drawn at random: in-camera denoising, which leaves coarse
 * noise; sharpening; another size; JPEG, once or twice. The clean picture has the same size and sharpening, and no JPEG.
 *
 * @param least the side that the result has at least, in pixels; no side of the given pictures is smaller
 */
export async function afterwards(
  shot: Shot,
  random: Random,
  least: number,
  settings: AfterwardsSettings = anyAfterwards,
): Promise<Shot> {
  let { clean, noisy } = shot;
  if (happens(random, settings.denoised)) noisy = coarsened(clean, noisy, random);
  if (happens(random, settings.sharpened)) {
    const how = { sigma: between(random, [0.5, 1.8]), amount: between(random, [0.2, 1.3]) };
    [clean, noisy] = [unsharpened(clean, how), unsharpened(noisy, how)];
  }
  [clean, noisy] = resized(clean, noisy, random, least, settings);
  const quality = (): number => Math.round(100 - 45 * random.uniform() ** 2);
  if (happens(random, settings.jpeg)) {
    noisy = await compressJpeg(noisy, quality(), oneOf(random, ['4:2:0', '4:2:0', '4:4:4']));
    if (happens(random, settings.secondJpeg)) noisy = await compressJpeg(noisy, quality(), '4:2:0');
  }
  return { clean, noisy };
}

/** Blurs the noise and not the picture, colour more than brightness: what a camera's own denoising leaves. */
function coarsened(clean: Planes, noisy: Planes, random: Random): Planes {
  const { width, height } = clean;
  const area = width * height;
  const parts = new Float32Array(3 * area); // brightness, and red and blue less brightness
  for (let p = 0; p < area; p++) {
    const red = (noisy.data[p] ?? 0) - (clean.data[p] ?? 0);
    const green = (noisy.data[area + p] ?? 0) - (clean.data[area + p] ?? 0);
    const blue = (noisy.data[2 * area + p] ?? 0) - (clean.data[2 * area + p] ?? 0);
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    parts[p] = luma;
    parts[area + p] = red - luma;
    parts[2 * area + p] = blue - luma;
  }
  const blurred = (from: number, count: number, sigma: number): Float32Array =>
    gaussianBlur(
      { channels: count, width, height, data: parts.subarray(from * area, (from + count) * area) },
      2 * Math.ceil(2.5 * sigma) + 1,
      sigma,
    );
  const luma = blurred(0, 1, between(random, [0.3, 1.3]));
  const chroma = blurred(1, 2, between(random, [0.5, 3.5]));
  const keptLuma = 0.6 * random.uniform() ** 2; // of what was not blurred
  const keptChroma = 0.4 * random.uniform() ** 2;
  const data = new Float32Array(3 * area);
  for (let p = 0; p < area; p++) {
    const y = mixed(luma[p], parts[p], keptLuma);
    const r = mixed(chroma[p], parts[area + p], keptChroma);
    const b = mixed(chroma[area + p], parts[2 * area + p], keptChroma);
    const g = -(0.299 * r + 0.114 * b) / 0.587;
    data[p] = (clean.data[p] ?? 0) + y + r;
    data[area + p] = (clean.data[area + p] ?? 0) + y + g;
    data[2 * area + p] = (clean.data[2 * area + p] ?? 0) + y + b;
  }
  clamp(data);
  return { ...noisy, data };
}

const mixed = (soft = 0, sharp = 0, kept: number): number => soft + kept * (sharp - soft);

/** Unsharp masking: adds part of what a blur takes away. */
function unsharpened(planes: Planes, how: { readonly sigma: number; readonly amount: number }): Planes {
  const { sigma, amount } = how;
  const data = gaussianBlur(planes, 2 * Math.ceil(2.5 * sigma) + 1, sigma);
  for (let i = 0; i < data.length; i++) {
    const value = planes.data[i] ?? 0;
    data[i] = Math.min(1, Math.max(0, value + amount * (value - (data[i] ?? 0))));
  }
  return { ...planes, data };
}

function resized(
  clean: Planes,
  noisy: Planes,
  random: Random,
  least: number,
  { smaller, larger }: AfterwardsSettings,
): [Planes, Planes] {
  const place = random.uniform();
  const side = Math.min(clean.width, clean.height);
  const factor =
    place < smaller
      ? between(random, [Math.min(1, Math.max(0.4, least / side)), 1])
      : place < smaller + larger
        ? between(random, [1, 1.6])
        : 1;
  const bicubic = happens(random, 0.6);
  const to = {
    width: Math.max(least, Math.round(clean.width * factor)),
    height: Math.max(least, Math.round(clean.height * factor)),
  };
  if (to.width === clean.width && to.height === clean.height) return [clean, noisy];
  const resizedTo = (planes: Planes): Planes =>
    bicubic ? sharplyResized(planes, to) : resize(planes, to, 'bilinear');
  return [resizedTo(clean), resizedTo(noisy)];
}

/** By bicubic, which overshoots. */
function sharplyResized(planes: Planes, to: { readonly width: number; readonly height: number }): Planes {
  const data = bicubicResize(planes.data, planes, to);
  clamp(data);
  return { ...planes, ...to, data };
}
