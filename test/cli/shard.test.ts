import { spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPictures } from '#src/index.js';
import {
  csvRows,
  drawWeights,
  expectRefusal,
  expectSuccess,
  namesIn,
  onCpu,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';
import { program } from '../program.js';

const path = temporaryFolder();
const command = (...args: readonly (string | number)[]) => revela(args, { cwd: path() });
const names = Array.from({ length: 11 }, (_, i) => `${i % 3 === 0 ? 'inner/' : ''}été ${i}.png`);

beforeAll(async () => {
  await mkdir(path('shots', 'inner'), { recursive: true });
  for (const [i, name] of names.entries())
    await photograph(200 + i, 98)
      .png()
      .toFile(path('shots', name));
});

/** Runs lines of a shell in the folder of the tests, where `revela` is the command. */
function shell(script: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-e', '-c', script], {
      cwd: path(),
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, VK_DRIVER_FILES: undefined, revela: `${process.execPath} ${program}` },
    });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`ended with ${code}: ${told}`))));
  });
}

const filesIn = async (folder: string): Promise<Readonly<Record<string, Buffer>>> => {
  const found = await findPictures([path(folder)], { recursive: true });
  return Object.fromEntries(
    await Promise.all(
      found.map(async (file) => [file.slice(path(folder).length), await readFile(file)] as const),
    ),
  );
};

describe('--shard', () => {
  it('shares the pictures out: each is done once, as by a single process, and every share says how many it takes', async () => {
    await expectSuccess(
      command('degrade', 'shots', '-r', '-o', 'all', '--kind', 'real-world', '--scale', 2, '--seed', 3),
    );
    const taken: string[] = [];
    for (const share of [3, 1, 2]) {
      const { stdout, stderr } = await expectSuccess(
        command(
          ...['degrade', 'shots', '-r', '-o', 'shared', '--kind', 'real-world', '--scale', 2, '--seed', 3],
          ...['--shard', `${share}/3`],
        ),
      );
      const lines = stdout.trimEnd().split('\n');
      expect(stderr).toContain(`Share ${share} of 3: ${lines.length} of 11 pictures\n`);
      taken.push(...lines);
    }
    expect(new Set(taken).size).toBe(11);
    expect(await filesIn('shared')).toEqual(await filesIn('all'));
  });

  it('goes by the place in the folder alone, whatever else is there and wherever it lies', async () => {
    const shareOf = (folder: string, index: number) =>
      findPictures([path(folder)], { recursive: true, shard: { index, count: 4 } });
    const before = await Promise.all([1, 2, 3, 4].map((index) => shareOf('shots', index)));
    expect(before.flat()).toHaveLength(11);
    await photograph(90, 90).png().toFile(path('shots', 'a new one.png'));
    await rename(path('shots'), path('moved'));
    const after = await Promise.all([1, 2, 3, 4].map((index) => shareOf('moved', index)));
    await rename(path('moved', 'a new one.png'), path('new.png'));
    await rename(path('moved'), path('shots'));
    expect(
      after.map((files) =>
        files
          .filter((file) => !file.endsWith('a new one.png'))
          .map((file) => file.replace(path('moved'), path('shots'))),
      ),
    ).toEqual(before);
  });

  it('is run by xargs, by GNU parallel where it is there, and by the arithmetic of a Kubernetes job', async () => {
    await drawWeights(path('w.safetensors'));
    const denoise = `$revela denoise shots -r -w w.safetensors --no-adapt --bare ${onCpu.join(' ')}`;
    await expectSuccess(
      command('denoise', 'shots', '-r', '-w', 'w.safetensors', '--no-adapt', '--bare', ...onCpu, '-o', 'one'),
    );
    await shell(`seq 3 | xargs -P 2 -I{} ${denoise} -o by-xargs --shard {}/3`);
    expect(await filesIn('by-xargs')).toEqual(await filesIn('one'));
    if (spawnSync('parallel', ['--version']).status === 0) {
      await shell(`parallel -j 2 ${denoise} -o by-parallel --shard {}/3 ::: 1 2 3`);
      expect(await filesIn('by-parallel')).toEqual(await filesIn('one'));
    }
    const indexed = `for JOB_COMPLETION_INDEX in 0 1; do ${denoise} -o indexed --skip-existing --shard "$((JOB_COMPLETION_INDEX + 1))/2"; done`;
    await shell(indexed);
    expect(await filesIn('indexed')).toEqual(await filesIn('one'));
  }, 120_000);

  it('enlarges its share', async () => {
    const outputs = await Promise.all(
      [1, 2].map(async (share) => {
        const { stdout } = await expectSuccess(
          command('upscale', 'shots/inner', '-o', 'large', '-s', 2, ...onCpu, '--shard', `${share}/2`),
        );
        return stdout === '' ? [] : stdout.trimEnd().split('\n');
      }),
    );
    expect(outputs.flat().length).toBe(namesIn(path('shots', 'inner')).length);
    expect(namesIn(path('large'))).toEqual(namesIn(path('shots', 'inner')));
  }, 120_000);

  it('scores its share; one of no picture is no failure', async () => {
    const rows: string[] = [];
    for (const share of [1, 2]) {
      const { stdout } = await expectSuccess(
        command('score', 'shots', '-r', '-m', 'niqe', '--csv', '--shard', `${share}/2`),
      );
      rows.push(
        ...csvRows(stdout)
          .slice(1)
          .map(([, picture = '']) => picture),
      );
    }
    expect(rows.toSorted()).toEqual(
      (await findPictures([path('shots')], { recursive: true }))
        .map((file) => file.slice(path().length + 1))
        .toSorted(),
    );
    await copyFile(path('shots', 'été 1.png'), path('single.png'));
    const counts = await Promise.all(
      [1, 2, 3].map(
        async (share) => (await command('score', 'single.png', '-m', 'niqe', '--shard', `${share}/3`)).stderr,
      ),
    );
    expect(counts.filter((text) => text.includes('0 of 1 picture\n')).length).toBe(2);
    expect(counts.filter((text) => text.includes('1 of 1 picture\n')).length).toBe(1);
  });

  it.each(['0/3', '4/3', '2', 'a/b', '1/0', '-1/3', '1.5/3', '1/3/4', ''])('refuses %j', async (value) => {
    for (const name of ['denoise', 'upscale', 'score', 'degrade'])
      await expectRefusal(command(name, 'shots', `--shard=${value}`), 2, '--shard', 'such as 2/4');
  });

  it('refuses to learn, to cull and to share out one picture', async () => {
    await expectRefusal(command('denoise', 'shots', '--adapt', '--shard', '1/2'), 2, '--save-weights FILE');
    await expectRefusal(command('score', 'shots', '--best-of', '--shard', '1/2'), 2, 'burst');
    await expectRefusal(command('degrade', 'shots/été 1.png', '-o', '-', '--shard', '1/2'), 2, 'one picture');
    await expect(findPictures([path('shots')], { shard: { index: 3, count: 2 } })).rejects.toThrow(
      '`shard` must be a share of',
    );
  });

  it('replaces no picture of another share', async () => {
    await mkdir(path('pair'));
    await photograph(60, 60).png().toFile(path('pair', 'a.png'));
    await photograph(60, 60).jpeg().toFile(path('pair', 'a.jpg'));
    for (const share of [1, 2])
      await expectRefusal(
        command('degrade', 'pair', '-o', 'pair', '--overwrite', '--format', 'png', '--shard', `${share}/2`),
        1,
        'a.png',
      );
  });
});
