import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The folders of code, and so of what people read. */
const folders = ['src', 'web', 'test', 'conformance', 'scripts', 'bench', 'examples'] as const;

/** The lines of every file of code, by its path. */
const lines = new Map(
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:m?ts|mjs|js)$/.test(name) && !/(?:^|\/)(?:node_modules|dist)\//.test(name))
      .map((name): [string, number] => {
        const file = join(folder, name);
        return [file, readFileSync(join(root, file), 'utf8').split('\n').length - 1];
      }),
  ),
);

test('no file of code has more than 300 lines', () => {
  expect(lines.size).toBeGreaterThan(1500);
  expect([...lines].filter(([, count]) => count > 300)).toEqual([]);
});

test('half of the files have at most 80 lines', () => {
  const sorted = [...lines.values()].sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(80);
});
