import { describe, expect, it } from 'vitest';
import { reflectPad } from '#src/images/index.js';

describe('reflectPad', () => {
  it('mirrors without repeating the edge, further than the picture is wide', () => {
    const padding = { top: 0, right: 5, bottom: 0, left: 4 };
    expect([...reflectPad(Float32Array.of(1, 2, 3), 1, 1, 3, padding)]).toEqual([
      1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2,
    ]);
  });

  it('continues a single pixel', () => {
    const padding = { top: 1, right: 2, bottom: 3, left: 1 };
    expect([...reflectPad(Float32Array.of(5, 6), 2, 1, 1, padding)]).toEqual([
      ...Array(20).fill(5),
      ...Array(20).fill(6),
    ]);
  });

  it('pads each channel in both directions', () => {
    const padding = { top: 1, right: 0, bottom: 0, left: 1 };
    expect([...reflectPad(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2, 2, 2, padding)]).toEqual([
      4, 3, 4, 2, 1, 2, 4, 3, 4, 8, 7, 8, 6, 5, 6, 8, 7, 8,
    ]);
  });
});
