import type { PageImage, Pixels } from 'revela/web';

/** How far two parts of one size differ, value by value and so many times as large: black where they are equal. */
export function differenceOf(one: PageImage, other: Pixels, gain: number): Pixels {
  const { data: values, width, height } = other;
  const data = new Uint8ClampedArray(values.length);
  for (let i = 0; i < data.length; i++)
    data[i] = i % 4 === 3 ? 255 : gain * Math.abs((values[i] ?? 0) - (one.data[i] ?? 0));
  return { data, width, height };
}
