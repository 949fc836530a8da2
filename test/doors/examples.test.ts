import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { doors, exampleIn, moduleOf, ofComments, ofPages, root } from './example-modules.js';

test('there are examples', () => {
  expect(ofComments.length).toBeGreaterThan(150);
  expect(ofPages.length).toBeGreaterThan(25);
});

test('every example of a comment and of a page compiles', () => {
  const folder = join(root, 'build', 'examples');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, string>();
  for (const example of [...ofComments, ...ofPages]) {
    const file = `${example.name.replace(/\W+/g, '-')}.ts`;
    files.set(file, example.name);
    writeFileSync(join(folder, file), moduleOf(example));
  }
  // As strict as a project of one's own is that says so, and no more.
  const compilerOptions = {
    ...{ target: 'ES2022', module: 'NodeNext', strict: true, noEmit: true, skipLibCheck: true },
    ...{ types: ['node'], lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'] },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
    encoding: 'utf8',
    cwd: folder,
  });
  const told = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^([^(]+\.ts)\(/, (_, file: string) => `${files.get(file) ?? file}: (`));
  expect(told).toEqual([]);
});

/** Of operators and layers the name and the types say most. */
const spare: ReadonlySet<string> = new Set(['revela/engine', 'revela/networks']);

test.each([...doors])('what %s gives has comments, and its functions have examples', (door, names) => {
  const lacking = [...names].flatMap(([name, declared]) => {
    if (declared.every(({ comment }) => comment === '')) return [name];
    const isFunction = declared.some(({ text }) => /^export declare function /.test(text));
    const has = declared.some(({ comment }) => exampleIn(comment) !== undefined);
    return isFunction && !has && !spare.has(door) ? [`${name}: no example`] : [];
  });
  expect(lacking).toEqual([]);
});
