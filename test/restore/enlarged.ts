import type { Picture } from '#src/images/index.js';
import { upscale, type UpscaleOptions } from '#src/api/index.js';
import { smallUpscalers } from '../models/upscalers.js';

export const weights = smallUpscalers['SRVGGNet ×4'];

/** Enlarges on one thread. */
export const enlarged = (picture: Picture, options: Partial<UpscaleOptions> = {}): Promise<Picture> =>
  upscale(picture, { device: 'cpu', threads: 1, weights, ...options });
