import { border, type Mosaic, mirrored, throughPattern } from './mosaic.js';

/**
 * Demosaics by Hamilton and Adams (US patent 5,629,734, expired): green along the smoother direction, red and blue by
 * their differences from green: `[3, height, width]`.
 */
export function hamiltonAdams(mosaic: Mosaic): Float32Array<ArrayBuffer> {
  const raw = mirrored(mosaic);
  const stride = mosaic.width + 2 * border;
  const green = greenOf(raw, stride, mosaic.height + 2 * border);
  const difference = raw; // red or blue less green, where there is red or blue
  for (let p = 0; p < difference.length; p++) difference[p] = (difference[p] ?? 0) - (green[p] ?? 0);
  const area = mosaic.width * mosaic.height;
  const planes = new Float32Array(3 * area);
  throughPattern(mosaic, {
    atColour({ from, to, count }, own, other) {
      for (let i = 0, p = from, q = to; i < count; i++, p += 2, q += 2) {
        const base = green[p] ?? 0;
        const diagonal =
          ((difference[p - stride - 1] ?? 0) +
            (difference[p - stride + 1] ?? 0) +
            (difference[p + stride - 1] ?? 0) +
            (difference[p + stride + 1] ?? 0)) /
          4;
        planes[own + q] = base + (difference[p] ?? 0);
        planes[area + q] = base;
        planes[other + q] = base + diagonal;
      }
    },
    atGreen({ from, to, count }, across, down) {
      for (let i = 0, p = from, q = to; i < count; i++, p += 2, q += 2) {
        const base = green[p] ?? 0;
        planes[area + q] = base;
        planes[across + q] = base + ((difference[p - 1] ?? 0) + (difference[p + 1] ?? 0)) / 2;
        planes[down + q] = base + ((difference[p - stride] ?? 0) + (difference[p + stride] ?? 0)) / 2;
      }
    },
  });
  return planes;
}

/** Green everywhere, up to two samples beyond the edges of the picture: the differences need it there. */
function greenOf(raw: Float32Array, stride: number, rows: number): Float32Array {
  const green = new Float32Array(raw);
  for (let y = 2; y < rows - 2; y++)
    for (let p = y * stride + 2 + (y & 1), end = (y + 1) * stride - 2; p < end; p += 2) {
      const here = 2 * (raw[p] ?? 0);
      const curveAcross = here - (raw[p - 2] ?? 0) - (raw[p + 2] ?? 0);
      const curveDown = here - (raw[p - 2 * stride] ?? 0) - (raw[p + 2 * stride] ?? 0);
      const left = raw[p - 1] ?? 0;
      const right = raw[p + 1] ?? 0;
      const above = raw[p - stride] ?? 0;
      const below = raw[p + stride] ?? 0;
      const roughAcross = Math.abs(left - right) + Math.abs(curveAcross);
      const roughDown = Math.abs(above - below) + Math.abs(curveDown);
      const alongRow = (left + right) / 2 + curveAcross / 4;
      const alongColumn = (above + below) / 2 + curveDown / 4;
      green[p] =
        roughAcross < roughDown
          ? alongRow
          : roughDown < roughAcross
            ? alongColumn
            : (alongRow + alongColumn) / 2;
    }
  return green;
}
