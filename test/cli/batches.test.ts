import { copyFile, mkdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  drawWeights,
  expectRefusal,
  expectSuccess,
  namesIn,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();
let original: Buffer;

/** Commands that make pictures of pictures, with nothing that takes long. */
const commands: readonly (readonly string[])[] = [
  ['denoise', '--no-adapt', '--weights', 'w.safetensors', '--device', 'cpu'],
  ['degrade'],
  ['score', '--metric', 'niqe', '--map'],
];

beforeAll(async () => {
  original = await photograph(64, 64).png().toBuffer();
  await drawWeights(path('w.safetensors'));
});

beforeEach(async () => {
  for (const name of ['photos', 'out', 'link.png']) await rm(path(name), { recursive: true, force: true });
  await mkdir(path('photos'));
  await writeFile(path('photos', 'a.png'), original);
});

describe('no original is replaced, by whatever name', () => {
  beforeEach(() => symlink(path('photos'), path('out')));

  it.each(commands)('%s into a link to its folder', async (...command) => {
    const [name = '', ...options] = command;
    const output = name === 'score' ? ['out'] : ['--output', 'out/'];
    await expectRefusal(
      revela([name, 'photos', ...options, ...output, '--overwrite'], { cwd: path() }),
      1,
      'would replace the input photos/a.png',
    );
    expect(await readFile(path('photos', 'a.png'))).toEqual(original);
  });

  it.each([
    ['denoise', 'photos/a.png', '--steps', '1', '--output', 'x.png', '--save-weights', 'out/a.png'],
    ['denoise', 'photos/a.png', '--no-adapt', '--output', 'w.safetensors', '--format', 'png'],
    ['weights', 'convert', 'w.safetensors', 'link.safetensors'],
    ['export', 'w.safetensors', 'link.onnx'],
  ])('%s %s %s %s', async (...command) => {
    for (const link of ['link.safetensors', 'link.onnx']) {
      await rm(path(link), { force: true });
      await symlink('w.safetensors', path(link));
    }
    const weights = await readFile(path('w.safetensors'));
    const given = command[0] === 'denoise' ? ['--weights', 'w.safetensors'] : [];
    await expectRefusal(revela([...command, ...given, '--overwrite'], { cwd: path() }), 1, 'would replace');
    expect(await readFile(path('w.safetensors'))).toEqual(weights);
    expect(await readFile(path('photos', 'a.png'))).toEqual(original);
  });
});

describe('a batch', () => {
  const degrade = (...args: readonly string[]) => revela(['degrade', ...args], { cwd: path() });

  it('goes on where it was stopped', async () => {
    for (const name of ['b.png', 'c.png']) await copyFile(path('photos', 'a.png'), path('photos', name));
    await expectSuccess(degrade('photos/b.png', '--output', 'out/'));
    const long = new Date('2001-01-01T00:00:00Z');
    await utimes(path('out', 'b.png'), long, long);
    const { stderr } = await expectSuccess(degrade('photos', '--output', 'out', '--skip-existing'));
    expect(stderr).toContain('Left out: 1 picture whose result is there already');
    expect(namesIn(path('out'))).toEqual(['a.png', 'b.png', 'c.png']);
    expect((await stat(path('out', 'b.png'))).mtime).toEqual(long);
    await expectSuccess(degrade('photos', '--output', 'out', '--skip-existing'));
    await expectRefusal(
      degrade('photos', '--output', 'out', '--skip-existing', '--overwrite'),
      2,
      'one of them',
    );
  });

  it('leaves out one bad picture of several, however they are named', async () => {
    await writeFile(path('photos', 'b.png'), original.subarray(0, 300));
    await symlink('gone.png', path('photos', 'c.png'));
    for (const inputs of [['photos'], ['photos/*.png'], ['photos/a.png', 'photos/b.png', 'photos/c.png']]) {
      const { code, stdout, stderr } = await degrade(...inputs, '--output', 'out', '--overwrite');
      expect([code, stdout]).toEqual([1, 'out/a.png\n']);
      expect(stderr).toMatch(/^revela: photos\/b\.png is damaged or cut short/m);
      expect(stderr).toMatch(/^revela: photos\/c\.png is a link to something that does not exist/m);
      expect(stderr).toContain('Degraded 1 of 3 pictures');
    }
  });

  it('makes folders in folders again, does not take its own results, and says what it leaves out', async () => {
    await mkdir(path('photos', 'inner'));
    await copyFile(path('photos', 'a.png'), path('photos', 'inner', 'a.png'));
    await writeFile(path('photos', 'b.heic'), 'x');
    const run = () => degrade('photos', '--recursive', '--output', 'photos/out', '--overwrite');
    expect((await expectSuccess(run())).stderr).toContain('Left out: 1 HEIC file');
    expect((await expectSuccess(run())).stdout).toBe('photos/out/a.png\nphotos/out/inner/a.png\n');
    await expectSuccess(degrade('photos/a.png', 'photos/inner/a.png'));
    const names = ['photos/a.png', 'photos/a.degraded.png'];
    const again = await expectSuccess(degrade(...names, '--overwrite'));
    expect(again.stdout).toBe('photos/a.degraded.png\n');
    expect(again.stderr).toContain('Left out: 1 result of an earlier run');
  });
});
