import { expect, test } from 'vitest';
import { everyFor, reduced } from '../../web/src/reduced.js';

test.for([
  { width: 6000, across: 1400, every: 4 },
  { width: 6000, across: 1501, every: 2 },
  { width: 6000, across: 1500, every: 4 },
  { width: 6000, across: 6000, every: 1 },
  { width: 300, across: 2600, every: 1 },
  { width: 6000, across: 0, every: 1 },
])('$width pixels on $across of the screen are drawn by every $every', ({ width, across, every }) => {
  expect(everyFor(width, across)).toBe(every);
});

test('squares of pixels become their means by opacity, smaller ones at the edges, too', () => {
  const clear = [9, 9, 9, 0];
  const grey = (value: number): number[] => [value, value, value, 255];
  const rows = [
    [grey(10), grey(20), grey(7)],
    [grey(30), grey(40), grey(9)],
    [clear, grey(50), clear],
  ];
  const data = new Uint8ClampedArray(rows.flat(2));
  expect(reduced({ data, width: 3, height: 3 }, 2)).toEqual({
    data: new Uint8ClampedArray([grey(25), grey(8), [50, 50, 50, 128], [0, 0, 0, 0]].flat()),
    width: 2,
    height: 2,
  });
  expect(reduced({ data, width: 3, height: 3 }, 1)).toEqual({ data, width: 3, height: 3 });
});
