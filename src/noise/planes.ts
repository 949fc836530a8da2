import { extractTile, type Planes } from '../pixels/index.js';

/**
 * Adding and subtracting 1.5 · 2⁵² leaves no bits for a fraction, so that the float unit rounds to the nearest
 * integer, halves to even.
 */
const roundingShift = 1.5 * 2 ** 52;

/** Clamps in place to [0, 1] and rounds to multiples of 1/white, as a file of 8 (255) or 16 (65,535) bits does. */
export function roundTo(white: number, data: Float32Array): void {
  for (let i = 0; i < data.length; i++) {
    const value = Math.min(1, Math.max(0, data[i] ?? 0));
    data[i] = (value * white + roundingShift - roundingShift) / white;
  }
}

/** Clamps in place to [0, 1]. */
export function clamp(data: Float32Array): void {
  for (let i = 0; i < data.length; i++) data[i] = Math.min(1, Math.max(0, data[i] ?? 0));
}

/** The part whose first sample is at `(left, top)`; it must lie inside. */
export function crop(
  { data, ...size }: Planes,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
): Planes {
  const part = { x: left, y: top, width, height };
  return {
    channels: size.channels,
    width,
    height,
    data: extractTile(data, size.channels, size.height, size.width, part),
  };
}
