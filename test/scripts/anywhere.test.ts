import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A package that a file belongs to, or undefined for those of the project. */
const packageOf = (file: string): string | undefined =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(file)?.[1];

test('what runs on any platform is compiled without Node, sharp or ONNX Runtime for one platform', () => {
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
  for (const name of ['@types/node', 'sharp', 'onnxruntime-node', 'onnxruntime-web'])
    expect(packages).not.toContain(name);
  expect(files.filter((file) => /\/src\/.*\/node\//.test(file))).toEqual([]);
}, 120_000);
