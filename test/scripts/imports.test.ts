import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The programs that no compiler checks. */
const programs = ['bench', 'scripts', 'conformance', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?js$/.test(name) && !/(?:^|\/)node_modules\//.test(name))
    .map((name) => join(folder, name)),
);

/** Names that a program takes out of the build, by their module: static imports, and what is taken apart of an awaited one. */
function taken(program: string): { readonly names: readonly string[]; readonly module: string }[] {
  const text = readFileSync(join(root, program), 'utf8');
  return [
    ...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*'([^']+)'/g),
    ...text.matchAll(/const\s*\{([^}]*)\}\s*=\s*await import\('([^']+)'\)/g),
  ]
    .map(([, names = '', from = '']) => ({
      names: names
        .split(',')
        .map((name) => /^\s*(?:type )?(\w+)/.exec(name)?.[1] ?? '')
        .filter((name) => name !== ''),
      module: from.startsWith('#src/')
        ? join(root, 'dist', from.slice('#src/'.length))
        : join(root, dirname(program), from),
    }))
    .filter(({ module }) => module.startsWith(join(root, 'dist/')));
}

const uses = programs.flatMap((program) => taken(program).map((use) => ({ program, ...use })));

test.each(uses)('what $program takes out of $module is there', async ({ names, module }) => {
  expect(Object.keys(await import(module))).toEqual(expect.arrayContaining([...names]));
});

test('there are programs that take something', () => {
  expect(uses.length).toBeGreaterThan(20);
});
