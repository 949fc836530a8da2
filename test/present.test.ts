import { expect, test } from 'vitest';
import { type Present, present } from '#src/present.js';

test('fields that are undefined are left out, others stay, null and 0 too', () => {
  const alpha: number | undefined = undefined;
  const made: Present<{ width: number; alpha: number | undefined }> = present({ width: 0, alpha });
  expect(Object.keys(made)).toEqual(['width']);
  expect(Object.keys(present({ a: null, b: '', c: undefined }))).toEqual(['a', 'b']);
});
