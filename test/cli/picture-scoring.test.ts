import { mkdir } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { saveUpscalerWeights, score } from '#src/api/index.js';
import { smallUpscalers } from '../models/upscalers.js';
import {
  drawWeights,
  expectRefusal,
  expectSuccess,
  jsonLines,
  namesIn,
  onCpu,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();

const run = (...args: readonly (string | number)[]): ReturnType<typeof revela> =>
  revela([...args, ...onCpu], { cwd: path() });
const asTheyAre = ['--weights', 'w.safetensors', '--no-adapt', '--bare'] as const;

beforeAll(async () => {
  await drawWeights(path('w.safetensors'));
  await saveUpscalerWeights(path('x4.safetensors'), smallUpscalers['SRVGGNet ×4']);
  await mkdir(path('shots'));
  for (const name of ['a', 'b'])
    await photograph(220, 200 + name.length)
      .png()
      .toFile(path('shots', `${name}.png`));
});

describe('--score', () => {
  it('scores pictures before and after denoising, as their files are', async () => {
    const { stdout, stderr } = await expectSuccess(
      run('denoise', 'shots', '--output', 'clean/', ...asTheyAre, '--score', 'niqe'),
    );
    expect(stdout).toBe('clean/a.png\nclean/b.png\n');
    const scores: [before: number, after: number][] = [];
    for (const name of ['a.png', 'b.png']) {
      const before = (await score(path('shots', name), { metric: 'niqe' })).value;
      const after = (await score(path('clean', name), { metric: 'niqe' })).value;
      scores.push([before, after]);
      expect(stderr).toContain(
        `shots/${name}: NIQE (Revela's model) ${shown(before)} before, ${shown(after)} after (lower is better)\n`,
      );
    }
    const mean = [0, 1].map((side) => ((scores[0]?.[side] ?? 0) + (scores[1]?.[side] ?? 0)) / 2);
    expect(stderr).toContain(
      `Mean of 2 pictures: NIQE (Revela's model) ${shown(mean[0])} before, ${shown(mean[1])} after (lower is better)\n`,
    );
  });

  it('scores enlarged pictures by the measure that comes with revela, and tells programs', async () => {
    const { stdout, stderr } = await expectSuccess(
      run('upscale', 'shots/a.png', '--weights', 'x4.safetensors', '--json', '--score'),
    );
    expect(stderr).toBe('');
    const both = {
      ...{ input: 'shots/a.png', output: 'shots/a.x4.png' },
      before: (await score(path('shots/a.png'), { device: 'cpu', threads: 1 })).value,
      after: (await score(path('shots/a.x4.png'), { device: 'cpu', threads: 1 })).value,
    };
    const lines = jsonLines(stdout);
    expect(lines.find(({ kind }) => kind === 'score')).toEqual({ kind: 'score', ...both });
    expect(lines.at(-1)).toMatchObject({
      ...{ kind: 'done', scale: 4, scores: [both] },
      measure: { name: 'revela', better: 'higher', range: [0, 100] },
    });
  });

  it('does not keep a picture that no measure judges from being denoised', async () => {
    await sharp({ create: { width: 40, height: 40, channels: 3, background: '#777' } })
      .png()
      .toFile(path('flat.png'));
    const { stdout, stderr } = await expectSuccess(
      run('denoise', 'flat.png', ...asTheyAre, '--score', 'niqe'),
    );
    expect(stdout).toBe('flat.denoised.png\n');
    expect(stderr).toMatch(/^flat\.png was not scored: [^\n]*NIQE/m);
  });

  it.each<[args: readonly string[], ...words: string[]]>([
    [['--score', 'shots/a.png'], 'takes the name of a measure, got shots/a.png', 'after the pictures'],
    [['shots/a.png', '--score', 'psnr'], '--score takes revela or niqe, got psnr'],
    [
      ['shots/a.png', '--score', 'brisque'],
      '--score takes revela or niqe, got brisque; other measures need files',
    ],
  ])('refuses %j before the work', async (args, ...words) => {
    const before = namesIn(path('shots'));
    await expectRefusal(run('denoise', 'shots/b.png', ...args, ...asTheyAre), 2, ...words);
    expect(namesIn(path('shots'))).toEqual(before);
  });
});

const shown = (value = Number.NaN): string => value.toFixed(Math.abs(value) < 10 ? 3 : 2);
