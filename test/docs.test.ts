import { readdirSync, readFileSync } from 'node:fs';
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
