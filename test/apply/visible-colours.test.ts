import { expect, it } from 'vitest';
import { bicubicResize } from '#src/pixels/index.js';
import type { Picture } from '#src/images/index.js';
import { withVisibleColours } from '#src/apply/visible-colours.js';
import { degrade } from '#src/api/index.js';

const side = 40;
/** A disc of one colour, with another one hidden around it. */
function disc(colour: readonly number[], hidden: readonly number[]): Picture {
  const alpha = Uint8Array.from({ length: side * side }, (_, i) => {
    const distance = Math.hypot((i % side) - 19.5, Math.floor(i / side) - 19.5);
    return Math.round(255 * Math.min(1, Math.max(0, 14 - distance)));
  });
  const data = Float32Array.from({ length: 3 * side * side }, (_, i) => {
    const channel = Math.floor(i / (side * side));
    return (alpha[i % (side * side)] === 0 ? hidden : colour)[channel] ?? 0;
  });
  return { width: side, height: side, channels: 3, data, alpha, bitDepth: 8, format: 'png', metadata: {} };
}

it('goes on with the colours that are seen, everywhere', async () => {
  const { data } = await withVisibleColours(disc([1, 0.2, 0.1], [0, 1, 0]));
  for (let i = 0; i < data.length; i++)
    expect(data[i]).toBeCloseTo([1, 0.2, 0.1][Math.floor(i / (side * side))] ?? 0, 5);
});

it('leaves pictures alone of which nothing is hidden, or nothing seen', async () => {
  const picture = disc([1, 1, 1], [0, 0, 0]);
  const opaque = { ...picture, alpha: new Uint8Array(side * side).fill(3) };
  const gone = { ...picture, alpha: new Uint8Array(side * side) };
  for (const same of [opaque, gone]) expect(await withVisibleColours(same)).toBe(same);
});

it('changes no colour that is seen', async () => {
  const picture = disc([0.3, 0.4, 0.5], [1, 1, 1]);
  const noisy = { ...picture, data: picture.data.map((value, i) => value + 0.01 * (i % 7)) };
  const { data } = await withVisibleColours(noisy);
  for (let i = 0; i < data.length; i++)
    if (picture.alpha?.[i % (side * side)] !== 0) expect(data[i]).toBe(noisy.data[i]);
});

it.each([
  [
    [1, 1, 1],
    [0, 0, 0],
  ],
  [
    [0.9, 0.2, 0.15],
    [0, 1, 0],
  ],
])('what is made smaller shows %j up to its edge, not %j', async (colour, hidden) => {
  const small = await degrade(disc(colour, hidden), { scale: 2 });
  const area = small.width * small.height;
  for (let i = 0; i < 3 * area; i++) {
    const off = Math.abs((small.data[i] ?? 0) - (colour[Math.floor(i / area)] ?? 0));
    expect(off * (small.alpha?.[i % area] ?? 0)).toBeLessThan(5);
  }
  // The same by bicubic alone would show it.
  const plain = bicubicResize(disc(colour, hidden).data, { channels: 3, width: side, height: side }, small);
  expect(Math.max(...plain.map((value, i) => Math.abs(value - (small.data[i] ?? 0))))).toBeGreaterThan(0.1);
});
