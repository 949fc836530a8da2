import { expect, test } from 'vitest';
import { pixelsFor, tileFor } from '#src/web/device-memory.js';
import { refuseTooLarge } from '#src/web/refuse-too-large.js';

test('a page refuses what would not fit, and says what would', () => {
  refuseTooLarge({ width: 6000, height: 4000 }, 2);
  refuseTooLarge({ width: 12_000, height: 8000 }, 1);
  expect(() => refuseTooLarge({ width: 6000, height: 4000 }, 4)).toThrow(
    'the result would have 384 megapixels; in a page of this device pictures of at most 8.4 megapixels are enlarged 4 times',
  );
  expect(() => refuseTooLarge({ width: 20_000, height: 8000 }, 1)).toThrow(
    'this picture has 160 megapixels, and 134 megapixels are the most that are worked on in a page of this device; use the command',
  );
});

test('a device with little memory takes smaller pictures, in smaller tiles', () => {
  expect([undefined, 8, 4, 0.5].map(pixelsFor)).toEqual([2 ** 27, 2 ** 27, 2 ** 25, 2 ** 22]);
  expect([undefined, 4, 2, 0.5].map(tileFor)).toEqual([undefined, undefined, 384, 256]);
  refuseTooLarge({ width: 6000, height: 4000 }, 1, pixelsFor(4));
  expect(() => refuseTooLarge({ width: 6000, height: 4000 }, 1, pixelsFor(0.5))).toThrow(
    'this picture has 24 megapixels, and 4.2 megapixels are the most that are worked on',
  );
});
