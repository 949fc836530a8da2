import type { PageImage, Pixels } from 'revela/web';

/** A picture and its result, so much of it: what the slider of the strength shows. */
export function blend(before: PageImage, after: Pixels, share: number): Pixels {
  if (share === 1) return after;
  const data = new Uint8ClampedArray(after.data.length);
  for (let i = 0; i < data.length; i++) {
    const from = before.data[i] ?? 0;
    data[i] = from + share * ((after.data[i] ?? 0) - from);
  }
  return { data, width: after.width, height: after.height };
}
