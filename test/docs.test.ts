import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const pages = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)];

test.each(pages.filter((page) => page.endsWith('.md')))('what %s imports is exported', (page) => {
  const declared = readFileSync(new URL('dist/index.d.ts', root), 'utf8');
  const text = readFileSync(new URL(page, root), 'utf8');
  const imports = [...text.matchAll(/import \{([^}]*)\} from 'revela'/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim().replace(/^type /, '')),
  );
  const missing = imports.filter((name) => name !== '' && !new RegExp(`\\b${name}\\b`).test(declared));
  expect(missing).toEqual([]);
});

const texts = [...pages.filter((page) => page.endsWith('.md')), 'CONTRIBUTING.md'];

test.each(texts)('the files that %s names exist', (page) => {
  const text = readFileSync(new URL(page, root), 'utf8');
  const named = [...text.matchAll(/`((?:src|test|scripts|bench)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

test('docs/architecture.md describes every room', () => {
  const text = readFileSync(new URL('docs/architecture.md', root), 'utf8');
  const described = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, room]) => room);
  const rooms = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
    .map((path) => /^([^/]+)\/.*\.ts$/.exec(path)?.[1])
    .filter((room) => room !== undefined);
  expect(described.toSorted()).toEqual([...new Set(rooms)].toSorted());
});
