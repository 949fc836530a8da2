import type { Picture, Raster } from '../images/index.js';

/** Samples are kept at 16 bits: half the memory of float32, and 1/131,070 is less than any error that counts. */
const WHITE = 65_535;

/** A raster whose samples are written after it was made. */
export interface OpenRaster extends Raster {
  readonly samples: Uint16Array;
}

/**
 * Room for pictures of one size that are laid over each other, so that patches of all are cut together, three channels
 * each. The samples are 16 bits in shared memory, which the thread that cuts the patches reads where it is.
 */
export function laidOver(
  { width, height }: { readonly width: number; readonly height: number },
  pictures: number,
): OpenRaster {
  const channels = 3 * pictures;
  return {
    ...{ width, height, channels },
    samples: new Uint16Array(new SharedArrayBuffer(2 * channels * width * height)),
    ...{ pixelStep: 1, channelStep: width * height, white: WHITE },
  };
}

/** Lays a picture into the room with that number; its values are in [0, 1], and grey is repeated in three channels. */
export function layPicture({ samples }: OpenRaster, number: number, { data, channels }: Picture): void {
  const area = data.length / channels;
  for (let channel = 0; channel < 3; channel++) {
    const from = channels === 3 ? channel * area : 0;
    const to = (3 * number + channel) * area;
    for (let i = 0; i < area; i++)
      samples[to + i] = Math.round(Math.min(1, Math.max(0, data[from + i] ?? 0)) * WHITE);
  }
}
