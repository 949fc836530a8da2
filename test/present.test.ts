import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { present } from '#src/present.js';

const root = new URL('../', import.meta.url);

/** A spread that leaves something out where a value is `undefined`. */
const conditionalSpread =
  /\.\.\.\(\s*(?:[^(){}]|\([^()]*\))*(?:[!=]== undefined\b[^{}]*(?:\? \{\} :|\? \{\}\s|&& \{)|undefined\s*\? \{\}\s*: )/;

test('leaves out what is undefined, and nothing else', () => {
  expect(present({ a: undefined, b: null, c: 0, d: '', e: false })).toEqual({
    b: null,
    c: 0,
    d: '',
    e: false,
  });
  expect(Object.keys(present({ a: undefined }))).toEqual([]);
});

test('does so everywhere: no spread of a condition on undefined is left', () => {
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
