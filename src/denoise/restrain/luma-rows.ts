import { lumaOfColour, type PlanesSize } from '../../pixels/index.js';

/** The brightness of rows `from` to `to` of a picture in colour, `[3, height, width]`. */
export function lumaOf(
  picture: Float32Array,
  { width, height }: PlanesSize,
  from: number,
  to: number,
): Float32Array {
  const area = width * height;
  const luma = new Float32Array((to - from) * width);
  for (let i = 0, at = from * width; i < luma.length; i++, at++)
    luma[i] = lumaOfColour(picture[at] ?? 0, picture[area + at] ?? 0, picture[2 * area + at] ?? 0);
  return luma;
}
