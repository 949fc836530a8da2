import { bicubicResize, gaussianBlur, type Planes, resize, bt601, lumaOfColour } from '../pixels/index.js';
import type { Random } from '../random.js';
import type { Shot } from './camera.js';
import { between, happens, oneOf } from './draws.js';
import { type ChromaSubsampling, compressJpeg } from './jpeg.js';
import { clamp } from './planes.js';

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

/** What was done to one picture after it was taken. */
export interface Afterwards {
  /** The camera's own denoising. */
  readonly denoised: Coarsening | undefined;
  /** Unsharp masking: standard deviation in pixels, and how much of what the blur takes away is added. */
  readonly sharpened: { readonly sigma: number; readonly amount: number } | undefined;
  readonly resized: Resizing | undefined;
  /** Once or twice, or not at all. */
  readonly jpeg: readonly { readonly quality: number; readonly chromaSubsampling: ChromaSubsampling }[];
}

/** Noise as denoising leaves it. */
interface Coarsening {
  /** Standard deviations of the blurs, in pixels. */
  readonly luma: number;
  readonly chroma: number;
  /** Shares of what was not blurred. */
  readonly keptLuma: number;
  readonly keptChroma: number;
  /** What chroma's noise is multiplied by at last. */
  readonly chromaLeft: number;
}

interface Resizing {
  readonly direction: 'smaller' | 'larger';
  /** Where between the least and the largest factor, in [0, 1]. */
  readonly place: number;
  readonly bicubic: boolean;
}

/** Draws what cameras and people do to a picture that was taken. */
export function drawAfterwards(random: Random, settings: AfterwardsSettings = anyAfterwards): Afterwards {
  const denoised = happens(random, settings.denoised) ? drawCoarsening(random) : undefined;
  const sharpened = happens(random, settings.sharpened)
    ? { sigma: between(random, [0.5, 1.8]), amount: between(random, [0.2, 1.3]) }
    : undefined;
  const resized = drawResizing(random, settings);
  const quality = (): number => Math.round(100 - 45 * random.uniform() ** 2);
  const jpeg: { quality: number; chromaSubsampling: ChromaSubsampling }[] = [];
  if (happens(random, settings.jpeg)) {
    const chromaSubsampling = oneOf<ChromaSubsampling>(random, ['4:2:0', '4:2:0', '4:2:2', '4:2:2', '4:4:4']);
    jpeg.push({ quality: quality(), chromaSubsampling });
    if (happens(random, settings.secondJpeg)) jpeg.push({ quality: quality(), chromaSubsampling: '4:2:0' });
  }
  return { denoised, sharpened, resized, jpeg };
}

function drawCoarsening(random: Random): Coarsening {
  return {
    luma: between(random, [0.3, 1.3]),
    chroma: between(random, [0.5, 3.5]),
    keptLuma: 0.6 * random.uniform() ** 2,
    keptChroma: 0.4 * random.uniform() ** 2,
    chromaLeft: happens(random, 0.3) ? random.uniform() : 1, // some cameras take colour's noise away altogether
  };
}

function drawResizing(random: Random, { smaller, larger }: AfterwardsSettings): Resizing | undefined {
  const kind = random.uniform();
  if (kind >= smaller + larger) return undefined;
  const direction = kind < smaller ? 'smaller' : 'larger';
  return { direction, place: random.uniform(), bicubic: happens(random, 0.6) };
}

/**
 * Does to a picture that was taken what cameras and people do afterwards: in-camera denoising, which leaves coarse noise;
 * sharpening; another size; JPEG, once or twice. The clean picture has the same size and sharpening, and no JPEG.
 *
 * @param least the side that the result has at least, in pixels; no side of the given pictures is smaller
 */
export async function doAfterwards(
  shot: Shot,
  { denoised, sharpened, resized, jpeg }: Afterwards,
  least: number,
): Promise<Shot> {
  let { clean, noisy } = shot;
  if (denoised !== undefined) noisy = coarsened(clean, noisy, denoised);
  if (sharpened !== undefined)
    [clean, noisy] = [unsharpened(clean, sharpened), unsharpened(noisy, sharpened)];
  if (resized !== undefined) [clean, noisy] = resizedPair(clean, noisy, resized, least);
  for (const { quality, chromaSubsampling } of jpeg)
    noisy = await compressJpeg(noisy, quality, chromaSubsampling);
  return { clean, noisy };
}

/** Blurs the noise and not the picture, colour more than brightness, and weakens colour's: what a camera's own denoising leaves. */
function coarsened(clean: Planes, noisy: Planes, how: Coarsening): Planes {
  const { width, height } = clean;
  const area = width * height;
  const parts = new Float32Array(3 * area); // brightness, and red and blue less brightness
  for (let p = 0; p < area; p++) {
    const red = (noisy.data[p] ?? 0) - (clean.data[p] ?? 0);
    const green = (noisy.data[area + p] ?? 0) - (clean.data[area + p] ?? 0);
    const blue = (noisy.data[2 * area + p] ?? 0) - (clean.data[2 * area + p] ?? 0);
    const luma = lumaOfColour(red, green, blue);
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
  const luma = blurred(0, 1, how.luma);
  const chroma = blurred(1, 2, how.chroma);
  const { keptLuma, keptChroma, chromaLeft } = how;
  const data = new Float32Array(3 * area);
  for (let p = 0; p < area; p++) {
    const y = mixed(luma[p], parts[p], keptLuma);
    const r = chromaLeft * mixed(chroma[p], parts[area + p], keptChroma);
    const b = chromaLeft * mixed(chroma[area + p], parts[2 * area + p], keptChroma);
    const g = -(bt601.red * r + bt601.blue * b) / bt601.green;
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

function resizedPair(
  clean: Planes,
  noisy: Planes,
  { direction, place, bicubic }: Resizing,
  least: number,
): [Planes, Planes] {
  const smallest = Math.min(1, Math.max(0.4, least / Math.min(clean.width, clean.height)));
  const factor = direction === 'smaller' ? smallest + (1 - smallest) * place : 1 + 0.6 * place;
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
