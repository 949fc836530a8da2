import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { compiledOnly } from './compiled-only.js';
import { type Example, moduleOf, ofComments, root } from './example-modules.js';
import { layOut } from './example-world.js';

const only = new Set(Object.values(compiledOnly).flat());
const nameOf = ({ name, door }: Example): string => name.slice(door.length + 1).replace(/ \d+$/, '');
const different = new Map([...ofComments].reverse().map((example) => [example.code, example]));
const run = [...different.values()]
  .reverse()
  .filter((example) => !only.has(example.door) && !only.has(nameOf(example)));

const modules = join(root, 'build', 'examples-run');
const before = process.cwd();
let folder = '';
let given: object = {};
let laidOut = new Set<string>();

beforeAll(async () => {
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'revela-examples-'));
  process.chdir(folder);
  given = await layOut();
  Object.assign(globalThis, { given });
  laidOut = new Set(await readdir('.', { recursive: true }));
});
// What one writes is not there for the next.
afterEach(async () => {
  for (const name of await readdir(folder, { recursive: true }))
    if (!laidOut.has(name)) await rm(join(folder, name), { recursive: true, force: true });
});
afterAll(async () => {
  if ('close' in given && typeof given.close === 'function') await given.close();
  process.chdir(before);
  await rm(folder, { recursive: true, force: true });
});

/** What a comment after an expression says it is, where that is a value by itself. */
function toldValue(code: string): unknown {
  const [, text = ''] = /^[^\n]*; \/\/ ((?:\[|\{|')[^\n]*|[\d.]+)$/.exec(code.trim()) ?? [];
  return text === '' ? undefined : new Function(`return ${text}`)();
}

const plain = (view: ArrayBufferView): readonly number[] => (view instanceof Float64Array ? [...view] : []);

test('most examples are run, and the list of the others names none that is not there', () => {
  expect(run.length).toBeGreaterThan(50);
  const there = new Set(ofComments.flatMap((example) => [nameOf(example), example.door]));
  expect([...only].filter((name) => !there.has(name))).toEqual([]);
});

test.each(run.map((example) => [example.name, example] as const))('%s works', async (name, example) => {
  const file = join(modules, `${name.replace(/\W+/g, '-')}.ts`);
  // An expression alone is what it is said to be, unless that depends on what is given.
  const isExpression = /^[\w$]+\(/.test(example.code) && !example.code.trim().includes('\n');
  const code = isExpression ? `return ${example.code}` : example.code;
  const text = moduleOf({ ...example, code }, true);
  writeFileSync(file, text);
  const { example: work }: { example: () => Promise<unknown> } = await import(/* @vite-ignore */ file);
  if (code.startsWith('throw ')) {
    await expect(work()).rejects.toThrow();
    return;
  }
  const result = await work();
  const depends = /globalThis\.given|readPicture/.test(text);
  const told = isExpression && !depends ? toldValue(example.code) : undefined;
  if (told !== undefined) expect(ArrayBuffer.isView(result) ? plain(result) : result).toEqual(told);
});
