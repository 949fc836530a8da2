import { forScreen, type PageImage, type ScreenPixels } from 'revela/web';

/** How far two parts of one size differ, value by value and so many times as large: black where they are equal. */
export function differenceOf(one: PageImage, other: PageImage, gain: number): ScreenPixels {
  const deep = one.data instanceof Uint16Array && other.data instanceof Uint16Array;
  const [{ data: left }, { data: right }] = deep ? [one, other] : [forScreen(one), forScreen(other)];
  const share = deep ? gain / 257 : gain;
  const data = new Uint8ClampedArray(left.length);
  for (let i = 0; i < data.length; i++)
    data[i] = i % 4 === 3 ? 255 : share * Math.abs((left[i] ?? 0) - (right[i] ?? 0));
  return { data, width: other.width, height: other.height };
}
