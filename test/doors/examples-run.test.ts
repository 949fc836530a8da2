import { afterEach, expect, test } from 'vitest';
import { compiledOnly } from './compiled-only.js';
import { type Example, ofComments } from './example-modules.js';
import { exampleRunner } from './example-runner.js';
import { layOut } from './example-world.js';

const only = new Set(Object.values(compiledOnly).flat());
const nameOf = ({ name, door }: Example): string => name.slice(door.length + 1).replace(/ \d+$/, '');
const different = new Map([...ofComments].reverse().map((example) => [example.code, example]));
const run = [...different.values()]
  .reverse()
  .filter((example) => !only.has(example.door) && !only.has(nameOf(example)));

const runner = exampleRunner('examples-run', layOut);
afterEach(() => runner.tidy());

test('most examples are run, and the list of the others names none that is not there', () => {
  expect(run.length).toBeGreaterThan(50);
  const there = new Set(ofComments.flatMap((example) => [nameOf(example), example.door]));
  expect([...only].filter((name) => !there.has(name))).toEqual([]);
});

test.each(run.map((example) => [example.name, example] as const))('%s works', (_, example) =>
  runner.run(example),
);
