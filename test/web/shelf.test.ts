import { expect, test } from 'vitest';
import { Shelf } from '../../web/src/desk/shelf.js';

const madeOf = (value: number) => ({
  layers: [
    { detail: 0, image: { data: Uint8ClampedArray.of(value, value, value, 255), width: 1, height: 1 } },
  ],
  mixed: true,
});

test('a result that is laid away anew, or dropped, as it is fetched is not given as it was', async () => {
  const shelf = new Shelf();
  shelf.put(1, madeOf(7));
  expect(await shelf.get(1)).toEqual(madeOf(7));
  const renewed = shelf.get(1);
  shelf.put(1, madeOf(8));
  expect(await renewed).toEqual(madeOf(8));
  const dropped = shelf.get(1);
  shelf.drop(1);
  expect(await dropped).toBeUndefined();
});
