import type { Planes } from '#src/pixels/index.js';
import { expect } from 'vitest';
import { RevelaError } from '#src/errors.js';

/** A picture of integers that repeat nowhere nearby, as an 8-bit file would give them. */
export function pattern(width: number, height: number, channels = 3, seed = 1): Planes {
  const data = new Float32Array(channels * height * width).map(
    (_, i) => ((i * 7919 + (i >> 3) * 31 + seed * 104_729) % 256) / 255,
  );
  return { width, height, channels, data };
}

export function withData(picture: Planes, change: (value: number, index: number) => number): Planes {
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
