import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createRuntime, gradientsOf, mean, multiply, trace } from 'revela/engine';
import { networkCost } from 'revela/networks';
import { lpips, psnr } from 'revela/quality';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a fresh process prints that runs some code. */
async function printed(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  return stdout.trim();
}

/** Says which native libraries of the dependencies are loaded. */
const natives =
  'console.log(process.report.getReport().sharedObjects.filter((path) => /\\.node$|vips|onnx/.test(path)).length)';

/** All modules that a module imports at once, and the packages among them. */
function closureOf(start: string): { readonly files: number; readonly packages: readonly string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)[^;]*?from '([^']+)'/gm,
    ))
      if (target.startsWith('.')) visit(resolve(dirname(file), target));
      else if (target.startsWith('#')) {
        const [room = '', name = ''] = target.slice(1).split('/');
        visit(resolve(root, 'dist', room, 'node', `${name}.js`));
      } else if (!target.startsWith('node:')) packages.add(target);
  };
  visit(resolve(root, start));
  return { files: files.size, packages: [...packages] };
}

describe('what is loaded at once', () => {
  it('of revela/quality is arithmetic', () => {
    const { files, packages } = closureOf('dist/doors/quality.js');
    expect(packages).toEqual([]);
    expect(files).toBeLessThan(65);
  });

  it.each(['index', 'doors/training', 'doors/models', 'doors/networks', 'doors/engine'])(
    'of %s is neither sharp nor ONNX Runtime',
    (name) => {
      const { packages } = closureOf(`dist/${name}.js`);
      expect(packages.filter((one) => one === 'sharp' || one.startsWith('onnxruntime'))).toEqual([]);
    },
  );

  it('by a program is no native library, until a picture is read', async () => {
    const program = `import 'revela'; import 'revela/engine'; import 'revela/models'; ${natives}`;
    expect(await printed('--input-type=module', '--eval', program)).toBe('0');
  });
});

it('CommonJS requires every door', async () => {
  const program = `
    const { denoise, codeOf } = require('revela');
    const { psnr } = require('revela/quality');
    const doors = ['training', 'models', 'networks', 'engine'].map((name) => Object.keys(require('revela/' + name)).length > 5);
    console.log(typeof denoise, typeof codeOf, typeof psnr, doors.every(Boolean));`;
  const args = ['--no-warnings', '--input-type=commonjs', '--eval', program];
  expect(await printed(...args)).toBe('function function function true');
});

it('measures are functions', async () => {
  const picture = { width: 2, height: 2, channels: 3, data: new Float32Array(12).fill(0.5) } as const;
  expect(psnr(picture, picture)).toBe(Number.POSITIVE_INFINITY);
  await expect(lpips('a.png', 'b.png', { border: -1 })).rejects.toThrow('`border` must be');
  const strange = JSON.parse('{ "network": "lena" }');
  await expect(lpips('a.png', 'b.png', strange)).rejects.toThrow(
    '`network` must be one of alex, vgg, squeeze',
  );
  expect(typeof networkCost).toBe('function');
});

it('the engine runs a program of one’s own, and its gradient', async () => {
  const program = trace(({ input: given }) => {
    const x = given('x', [4]);
    const loss = mean(multiply(x, x));
    const [gradient] = gradientsOf(loss, [x]);
    return { loss, gradient: gradient ?? loss };
  });
  await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
  await using executable = await runtime.load(program);
  const x = { data: Float32Array.of(1, 2, 3, 4), shape: [4], dtype: 'float32' } as const;
  const { fetched } = await executable.run({ x });
  expect(fetched['loss']?.data[0]).toBe(7.5);
  expect([...(fetched['gradient']?.data ?? [])]).toEqual([0.5, 1, 1.5, 2]);
});
