import { expect, test } from 'vitest';
import { refuseTooLarge } from '#src/web/refuse-too-large.js';

test('a page refuses what would not fit, and says what would', () => {
  refuseTooLarge({ width: 6000, height: 4000 }, 2);
  refuseTooLarge({ width: 12_000, height: 8000 }, 1);
  expect(() => refuseTooLarge({ width: 6000, height: 4000 }, 4)).toThrow(
    'the result would have 384 megapixels; in a page pictures of at most 8 megapixels are enlarged 4 times',
  );
  expect(() => refuseTooLarge({ width: 20_000, height: 8000 }, 1)).toThrow(
    'this picture has 160 megapixels, and 134 megapixels are the most that are worked on in a page; use the command',
  );
});
