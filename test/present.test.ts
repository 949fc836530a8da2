import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Present, present } from '#src/present.js';

const root = new URL('../', import.meta.url);

/** The same without a spread: an object that is empty where its one value is `undefined`. */
const conditionalObject = /([\w.]+) === undefined \? \{\} : \{ (?:\w+: )?\1 \}/;
/** Where that is right: a comment's example for programs, which have no `present`; a file of the page, which has none either. */
const withoutPresent = ['src/web/open-revela.ts', 'web/src/with-lock.ts'];

/** A spread that leaves something out where a value is `undefined`. */
const conditionalSpread =
  /\.\.\.\(\s*(?:[^(){}]|\([^()]*\))*(?:[!=]== undefined\b[^{}]*(?:\? \{\} :|\? \{\}\s|&& \{)|undefined\s*\? \{\}\s*: )/;

test('fields that are undefined are left out, others stay, null and 0 too', () => {
  const alpha: number | undefined = undefined;
  const made: Present<{ width: number; alpha: number | undefined }> = present({ width: 0, alpha });
  expect(Object.keys(made)).toEqual(['width']);
  expect(Object.keys(present({ a: null, b: '', c: undefined }))).toEqual(['a', 'b']);
});

/** The sources in which something stands. */
const sourcesWith = (pattern: RegExp): readonly string[] =>
  ['src', 'web/src', 'conformance'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`)
      .filter((name) => pattern.test(readFileSync(new URL(name, root), 'utf8'))),
  );

test('so it is everywhere: no spread, and no object, of a condition on undefined is left', () => {
  for (const spread of ['...(x === undefined ? {} : { x })', '...(x !== undefined && { x })'])
    expect(spread).toMatch(conditionalSpread);
  expect(sourcesWith(conditionalSpread)).toEqual([]);
  for (const object of ['x === undefined ? {} : { x }', 'x.y === undefined ? {} : { y: x.y }'])
    expect(object).toMatch(conditionalObject);
  expect(sourcesWith(conditionalObject)).toEqual(withoutPresent);
});
