import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Present, present } from '#src/present.js';

const root = new URL('../', import.meta.url);

/** A spread that leaves something out where a value is `undefined`. */
const conditionalSpread =
  /\.\.\.\(\s*(?:[^(){}]|\([^()]*\))*(?:[!=]== undefined\b[^{}]*(?:\? \{\} :|\? \{\}\s|&& \{)|undefined\s*\? \{\}\s*: )/;

test('fields that are undefined are left out, others stay, null and 0 too', () => {
  const alpha: number | undefined = undefined;
  const made: Present<{ width: number; alpha: number | undefined }> = present({ width: 0, alpha });
  expect(Object.keys(made)).toEqual(['width']);
  expect(Object.keys(present({ a: null, b: '', c: undefined }))).toEqual(['a', 'b']);
});

test('so it is everywhere: no spread of a condition on undefined is left', () => {
  for (const spread of ['...(x === undefined ? {} : { x })', '...(x !== undefined && { x })'])
    expect(spread).toMatch(conditionalSpread);
  const left = ['src', 'web/src', 'conformance'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => conditionalSpread.test(readFileSync(new URL(`${folder}/${name}`, root), 'utf8')))
      .map((name) => `${folder}/${name}`),
  );
  expect(left).toEqual([]);
});
