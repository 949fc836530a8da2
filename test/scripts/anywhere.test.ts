import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A package that a file belongs to, or undefined for those of the project. */
const packageOf = (file: string): string | undefined =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(file)?.[1];

test('what runs on any platform is compiled without Node, sharp or their ONNX Runtime', () => {
  const compiler = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(
    /package\.json$/,
    'bin/tsc',
  );
  const { stdout } = spawnSync(
    process.execPath,
    [compiler, '-p', 'tsconfig.anywhere.json', '--listFilesOnly'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  const files = stdout.split('\n').map((line) => line.replaceAll('\\', '/'));
  expect(files.some((file) => file.endsWith('src/denoise/restrain/restrain.ts'))).toBe(true);
  const packages = new Set(files.map(packageOf));
  for (const name of ['@types/node', 'sharp', 'onnxruntime-node']) expect(packages).not.toContain(name);
  // The page's own is for the rooms of the page.
  const loaders = files.filter(
    (file) =>
      /\/src\//.test(file) &&
      /from 'onnxruntime-web|import\('onnxruntime-web/.test(readFileSync(file, 'utf8')),
  );
  expect(loaders.length).toBeGreaterThan(0);
  for (const file of loaders) expect(file).toMatch(/\/src\/(?:runtime\/web|platform\/web|web)\//);
  expect(files.filter((file) => /\/src\/.*\/node\//.test(file))).toEqual([]);
}, 120_000);
