import { expect } from 'vitest';
import { RevelaError } from '#src/errors.js';
import type { PlanarPicture } from '#src/quality/index.js';

/** A picture of integers that repeat nowhere nearby, as an 8-bit file would give them. */
export function pattern(width: number, height: number, channels = 3, seed = 1): PlanarPicture {
  const data = new Float32Array(channels * height * width).map(
    (_, i) => ((i * 7919 + (i >> 3) * 31 + seed * 104_729) % 256) / 255,
  );
  return { width, height, channels, data };
}

export function withData(
  picture: PlanarPicture,
  change: (value: number, index: number) => number,
): PlanarPicture {
  return { ...picture, data: picture.data.map(change) };
}

/** The one line that a measure refuses pictures with. */
export function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof RevelaError) {
      expect(error.message).not.toContain('\n');
      return error.message;
    }
    throw error;
  }
  return expect.fail('expected a RevelaError');
}
