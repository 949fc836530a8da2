import type { Planes } from '../../pixels/index.js';
import { muchInThread } from '../../in-thread.js';
import { lumaOf } from '../luma.js';
import { present } from '../../present.js';
import { psnr } from './psnr.js';
import { ssim } from './ssim.js';

/** How near a picture comes to the true one. */
export interface Closeness {
  /** In decibels; `Infinity` where both are equal. */
  readonly psnr: number;
  /** Gaussian window of 11 × 11 pixels, σ 1.5, in 8 bits. */
  readonly ssim: number;
}

/** PSNR and SSIM of two pictures. */
export function pixelCloseness(picture: Planes, truth: Planes): Closeness {
  return { psnr: psnr(picture, truth), ssim: ssim(picture, truth) };
}

/**
 * PSNR and SSIM on the luma without a border: the protocol of the super-resolution papers, whose border is as wide as the
 * scale.
 */
export function lumaCloseness(picture: Planes, truth: Planes, border: number): Closeness {
  return pixelCloseness(lumaOf(picture, border), lumaOf(truth, border));
}

const self = new URL('./closeness.js', import.meta.url);
const numbersOf = ({ data }: Planes): number => 2 * data.length;
const pixelsAside = muchInThread(self, pixelCloseness, numbersOf);
const lumaAside = muchInThread(self, lumaCloseness, numbersOf);

/** A picture without what measures do not look at, which would be copied for another thread. */
const plain = ({ width, height, channels, data, bitDepth }: Planes): Planes => ({
  ...{ width, height, channels, data },
  ...present({ bitDepth }),
});

/** {@link pixelCloseness}, of large pictures in another thread. */
export async function findCloseness(picture: Planes, truth: Planes): Promise<Closeness> {
  return pixelsAside(plain(picture), plain(truth));
}

/** {@link lumaCloseness}, of large pictures in another thread. */
export async function findLumaCloseness(picture: Planes, truth: Planes, border: number): Promise<Closeness> {
  return lumaAside(plain(picture), plain(truth), border);
}
