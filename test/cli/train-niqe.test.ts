import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readIlNiqeModel, readNiqeModel } from '#src/quality/index.js';
import { readSafetensors } from '#src/weights/index.js';
import {
  expectRefusal,
  expectSuccess,
  jsonLines,
  namesIn,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();
const here = (...args: readonly (string | number)[]) => revela(args, { cwd: path() });

beforeAll(async () => {
  await mkdir(path('good'));
  for (const i of [0, 1, 2])
    await photograph(520 + 4 * i, 330)
      .png()
      .toFile(path('good', `${i}.png`));
  await photograph(60, 50).png().toFile(path('good', 'small.png'));
  await writeFile(path('good', 'text.jpg'), 'No picture.');
});

describe('revela train niqe', () => {
  it('fits a model on the pictures that are good for it, which scores then take', async () => {
    const { stdout, stderr } = await expectSuccess(
      here('train', 'niqe', 'good', '--output', 'mine.safetensors', '--sharpness', 0, '--licence', 'CC0-1.0'),
    );
    expect(stdout).toBe('mine.safetensors\n');
    expect(stderr).toMatch(/Left out: good\/small\.png: .*\n/);
    expect(stderr).toMatch(/Left out: good\/text\.jpg is not a picture.*\n/);
    expect(stderr).toMatch(/\nFitted on 3 pictures in \d:\d\d\n$/);
    const { mean, covariance } = await readNiqeModel(path('mine.safetensors'));
    expect([mean.length, covariance.length]).toEqual([36, 36 * 36]);
    const { metadata } = await readSafetensors(path('mine.safetensors'));
    expect(metadata).toEqual({ measure: 'niqe', pictures: '3', licence: 'CC0-1.0' });

    const score = async (...options: readonly string[]) => {
      const ending = await expectSuccess(
        here('score', 'good/0.png', '--metric', 'niqe', '--json', ...options),
      );
      return Number(Object(jsonLines(ending.stdout).find(({ kind }) => kind === 'picture')?.['scores']).niqe);
    };
    const own = await score('--niqe-model', 'mine.safetensors');
    expect(own).toBeGreaterThan(0);
    // The model knows this picture's kind; that of the package does not.
    expect(own).toBeLessThan(await score());
  });

  it('tells other programs, and replaces nothing unasked', async () => {
    const args = ['train', 'niqe', 'good/0.png', 'good/1.png', 'good/2.png', '--sharpness', 0] as const;
    await writeFile(path('there.safetensors'), 'old');
    await expectRefusal(
      here(...args, '--output', 'there.safetensors'),
      1,
      'there.safetensors exists already',
    );
    expect(await readFile(path('there.safetensors'), 'utf8')).toBe('old');
    const { stdout } = await expectSuccess(
      here(...args, '--output', 'there.safetensors', '--overwrite', '--json'),
    );
    expect(jsonLines(stdout).at(-1)).toEqual({
      ...{ kind: 'done', model: 'there.safetensors', pictures: 3, leftOut: [], seconds: expect.any(Number) },
    });
  });

  it.each([
    [['good'], 2, '--output <FILE>'],
    [['good/0.png', '--output', 'few.safetensors'], 1, 'sharp patches'],
    [
      ['good', '--output', 'few.safetensors', '--sharpness', '1'],
      2,
      'Expected a number of at least 0, below 1',
    ],
    [['gone', '--output', 'few.safetensors'], 1, 'gone does not exist'],
    [['good', '--output', 'good/0.png', '--overwrite'], 1, 'would replace the picture good/0.png'],
  ] as const)('refuses %j', async (args, code, words) => {
    const ending = await here('train', 'niqe', ...args);
    expect([ending.code, ending.stdout]).toEqual([code, '']);
    expect(ending.stderr).toContain(words);
    expect(namesIn(path())).not.toContain('few.safetensors');
  });
});

describe('revela train il-niqe', () => {
  it('fits a model that scores then take', async () => {
    const args = ['good/0.png', 'good/1.png', 'good/2.png', '--sharpness', 0, '--components', 0.1];
    await expectSuccess(here('train', 'il-niqe', ...args, '--output', 'il.safetensors'));
    const { distribution } = await readIlNiqeModel(path('il.safetensors'));
    expect(distribution.mean).toHaveLength(10);
    const { stdout } = await expectSuccess(
      here('score', 'good/0.png', '--metric', 'il-niqe', '--il-niqe-model', 'il.safetensors', '--csv'),
    );
    expect(stdout).toMatch(/^rank,picture,il-niqe\r\n1,good\/0\.png,[\d.]+\r\n$/);
  }, 120_000);
});
