import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPicture } from '#src/images/index.js';
import { ssim } from '#src/quality/index.js';
import { readSafetensors } from '#src/weights/index.js';
import { sharedFolder } from '../shared.js';
import {
  csvRows,
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
const names = ['p1', 'p2', 'p10'];

function evaluate(...options: readonly (string | number)[]): ReturnType<typeof revela> {
  return revela(['evaluate', 'denoiser', '--bare', ...onCpu, ...options], { cwd: path() });
}

const onPairs = ['--noisy', 'noisy', '--clean', 'clean', '--weights', 'drawn.safetensors'] as const;

/** PSNR from the bytes of two files. */
async function psnrOf(one: string, other: string): Promise<number> {
  const [a, b] = [await sharp(one).removeAlpha().raw().toBuffer(), await sharp(other).raw().toBuffer()];
  expect(a.length).toBe(b.length);
  const error = a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0) / a.length;
  return 10 * Math.log10(255 ** 2 / error);
}

async function ssimOf(one: string, other: string): Promise<number> {
  return ssim(await readPicture(one), await readPicture(other));
}

/** Counted in the file. */
async function parametersIn(file: string): Promise<number> {
  const { tensors } = await readSafetensors(path(file));
  return [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

beforeAll(async () => {
  await drawWeights(path('drawn.safetensors'));
  await drawWeights(path('other.safetensors'), { value: 0.3 });
  await mkdir(path('noisy'));
  await mkdir(path('clean'));
  for (const [i, name] of names.entries()) {
    const picture = photograph(48 + i, 40);
    await picture
      .clone()
      .png()
      .toFile(path('noisy', `${name}_noisy.png`));
    await picture
      .clone()
      .blur(2)
      .tiff({ compression: 'lzw' })
      .toFile(path('clean', `${name}_clean.tif`));
  }
});

describe('the numbers', () => {
  it('are those of the files that were written', async () => {
    const { stdout, stderr } = await expectSuccess(evaluate(...onPairs, '--json', '--output', 'results'));
    expect(stderr).toBe('');
    const lines = jsonLines(stdout);
    const pictures = lines.filter(({ kind }) => kind === 'picture');
    const expected = await Promise.all(
      names.map(async (name, i) => {
        const noisy = `noisy/${name}_noisy.png`;
        const clean = `clean/${name}_clean.tif`;
        const [before, after, truth] = [path(noisy), path('results', `${name}_noisy.png`), path(clean)];
        return {
          ...{ kind: 'picture', weights: 'drawn.safetensors', name, noisy, clean, width: 48 + i, height: 40 },
          before: { psnr: await psnrOf(before, truth), ssim: await ssimOf(before, truth) },
          after: { psnr: await psnrOf(after, truth), ssim: await ssimOf(after, truth) },
          seconds: expect.any(Number),
          pixelsPerSecond: expect.any(Number),
        };
      }),
    );
    expect(pictures).toEqual(expected);
    const mean = lines.find(({ kind }) => kind === 'mean');
    expect(mean).toMatchObject({
      ...{
        weights: 'drawn.safetensors',
        method: 'sdap',
        architecture: 'dbsnl',
        parameters: await parametersIn('drawn.safetensors'),
      },
      ...{ device: 'CPU, 1 thread', pictures: 3, finished: true, peakMemory: expect.any(Number) },
      after: { psnr: expect.closeTo(meanOf(expected.map(({ after }) => after.psnr)), 9) },
      before: { ssim: expect.closeTo(meanOf(expected.map(({ before }) => before.ssim)), 9) },
    });
    expect(Number(mean?.['peakMemory'])).toBeGreaterThan(2 ** 26);
    expect(lines.at(-1)).toMatchObject({ kind: 'done', definitions: expect.stringContaining('11×11') });
    expect(lines.filter(({ kind }) => kind === 'denoising').at(-1)).toMatchObject({
      ...{ picture: 'p10', index: 3, count: 3, remainingSeconds: 0 },
    });
  });

  it('are the same as CSV, for several weights', async () => {
    const { stdout } = await expectSuccess(
      evaluate(...onPairs, 'other.safetensors', '--csv', '--output', 'both'),
    );
    expect(namesIn(path('both'))).toEqual(['drawn', 'other']);
    const [head, ...rows] = csvRows(stdout);
    expect(head).toEqual(
      'kind,weights,picture,width,height,noisyPsnr,noisySsim,psnr,ssim,seconds,pixelsPerSecond'.split(','),
    );
    expect(rows.map(([kind, weights]) => `${kind} ${weights}`)).toEqual([
      ...[...names.map(() => 'picture'), 'mean'].map((kind) => `${kind} drawn.safetensors`),
      ...[...names.map(() => 'picture'), 'mean'].map((kind) => `${kind} other.safetensors`),
    ]);
    const second = rows[5];
    expect(second?.slice(2, 5)).toEqual(['noisy/p2_noisy.png', '49', '40']);
    const truth = path('clean', 'p2_clean.tif');
    expect(Number(second?.[7])).toBeCloseTo(await psnrOf(path('both/other/p2_noisy.png'), truth), 9);
    expect(rows[1]?.[5]).toBe(second?.[5]);
    expect(rows[1]?.[7]).not.toBe(second?.[7]);
    for (const offset of [0, 4])
      expect(Number(rows[offset + 3]?.[7])).toBeCloseTo(
        meanOf(rows.slice(offset, offset + 3).map((row) => Number(row[7]))),
        9,
      );
  });

  it('stand in a table for people, with their definitions', async () => {
    const { stdout, stderr } = await expectSuccess(evaluate(...onPairs, '--every', 2, '--limit', 5));
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^drawn: sdap, dbsnl, 1,085 parameters, CPU, 1 thread, peak memory \d+ MiB$/);
    expect(lines[3]).toMatch(/^picture +pixels +PSNR +SSIM +PSNR +SSIM +seconds +Mpixel\/s$/);
    const before = await psnrOf(path('noisy', 'p1_noisy.png'), path('clean', 'p1_clean.tif'));
    expect(lines[5]).toMatch(new RegExp(`^p1 +48×40 +${before.toFixed(2)} +0\\.\\d{4} +`));
    expect(lines[6]).toMatch(/^p10 +50×40 /);
    expect(lines[8]).toMatch(/^mean +\d+\.\d\d +0\.\d{4} +/);
    expect(stdout).toContain(
      'PSNR in dB over all RGB values, SSIM with a Gaussian window of 11×11 and σ 1.5 per channel',
    );
    expect(stderr).toMatch(/^Denoising 2 pictures with drawn\n[\s\S]*\nEvaluated on 2 pictures in 0:\d\d\n$/);
  });

  it('depend on how the weights are applied', async () => {
    const psnrWith = async (...options: readonly string[]) =>
      csvRows((await expectSuccess(evaluate(...onPairs, '--limit', 1, '--csv', ...options))).stdout)[1]?.[7];
    const all = [
      await psnrWith(),
      await psnrWith('--no-enhance'),
      await psnrWith('--no-keep-detail'),
      await psnrWith('--no-enhance', '--no-keep-detail'),
    ];
    expect(new Set(all).size).toBe(4);
  });

  it('give back detail where the method loses it, or where it is asked for', async () => {
    const psnrWith = async (...options: readonly string[]) => {
      const asStudent = [...onPairs, '--method', 'distilled', '--limit', 1, '--csv', ...options];
      return csvRows((await expectSuccess(evaluate(...asStudent))).stdout)[1]?.[7];
    };
    const plain = await psnrWith();
    expect(await psnrWith('--no-keep-detail')).toBe(plain);
    expect(await psnrWith('--keep-detail')).not.toBe(plain);
  });

  it('are those that are known of real photographs', async (context) => {
    const sidd = sharedFolder(context, 'data', 'sidd5');
    const { stdout } = await expectSuccess(
      evaluate(
        '--noisy',
        `${sidd}/noisy`,
        '--clean',
        `${sidd}/clean`,
        '--weights',
        path('drawn.safetensors'),
        '--json',
      ),
    );
    const known: unknown = JSON.parse(
      await readFile(new URL('../fixtures/metrics_sidd5_noisy_vs_clean.json', import.meta.url), 'utf8'),
    );
    if (!Array.isArray(known)) expect.fail('no list');
    const pictures = jsonLines(stdout).filter(({ kind }) => kind === 'picture');
    expect(pictures.map(({ name, before }) => ({ name, before }))).toEqual(
      known.map(({ image, psnr_rgb, ssim_gaussian_scikit }) => ({
        name: image.replace('.png', ''),
        before: { psnr: expect.closeTo(psnr_rgb, 6), ssim: expect.closeTo(ssim_gaussian_scikit, 6) },
      })),
    );
  });
});

it('ends with what was done until then when it is stopped', async () => {
  await mkdir(path('many'));
  for (let i = 0; i < 60; i++) await copyFile(path('noisy', 'p1_noisy.png'), path('many', `${i}.png`));
  const args = ['evaluate', 'denoiser', '--bare', '--noisy', path('many'), '--clean', path('many-clean')];
  await mkdir(path('many-clean'));
  for (let i = 0; i < 60; i++) await copyFile(path('clean', 'p1_clean.tif'), path('many-clean', `${i}.tif`));
  const stopped = await revela([...args, '--weights', path('drawn.safetensors'), '--json', ...onCpu], {
    interrupt: { at: '"kind":"picture"', signal: 'SIGINT' },
  });
  expect(stopped.code).toBe(130);
  const lines = jsonLines(stopped.stdout);
  const done = lines.filter(({ kind }) => kind === 'picture').length;
  expect(done).toBeLessThan(60);
  expect(lines.find(({ kind }) => kind === 'mean')).toMatchObject({ pictures: done, finished: false });
  expect(stopped.stderr).toBe(`revela: stopped after ${done} of 60 pictures; the means are of these\n`);
});

describe('refuses', () => {
  beforeAll(async () => {
    await mkdir(path('empty'));
    await mkdir(path('fewer'));
    await mkdir(path('smaller'));
    await mkdir(path('broken'));
    await mkdir(path('tiny'));
    await copyFile(path('clean', 'p1_clean.tif'), path('fewer', 'p1_clean.tif'));
    for (const name of names) {
      await photograph(32, 40)
        .png()
        .toFile(path('smaller', `${name}.png`));
      await photograph(8, 8)
        .png()
        .toFile(path('tiny', `${name}.png`));
      await writeFile(path('broken', `${name}.png`), 'No picture.');
    }
  });

  it.each<[options: readonly string[], code: 1 | 2, ...words: string[]]>([
    [['--clean', 'clean'], 2, "'--noisy <PATH...>' not specified"],
    [['--noisy', 'noisy', '--clean', 'gone'], 1, 'gone does not exist'],
    [['--noisy', 'empty', '--clean', 'clean'], 1, 'the folder empty holds no pictures'],
    [
      ['--noisy', 'noisy', '--clean', 'fewer'],
      1,
      'noisy/p2_noisy.png and 1 more of 3 have no clean picture: expected one named p2_noisy',
      'the clean pictures are p1_clean.tif',
    ],
    [['--noisy', 'noisy', '--clean', 'noisy'], 1, 'have no clean picture', 'there are no clean pictures'],
    [
      ['--noisy', 'noisy', '--clean', 'smaller'],
      1,
      'noisy/p1_noisy.png and smaller/p1.png have the sizes 48×40 and 32×40',
    ],
    [['--noisy', 'noisy', '--clean', 'broken'], 1, 'broken/p1.png is not a picture'],
    [['--noisy', 'tiny', '--clean', 'tiny/*.png'], 1, 'its name does not say which it is'],
    [[...onPairs, 'gone.safetensors'], 1, 'cannot read gone.safetensors'],
    [['--noisy', 'noisy', '--clean', 'clean', '--json', '--csv'], 2, '--json and --csv'],
    [['--noisy', 'noisy', '--clean', 'clean', '--every', '0'], 2, 'Expected a whole number of at least 1'],
    [['--noisy', 'noisy', '--clean', 'clean', '--method', 'magic'], 2, '--method must be one of'],
    [['--noisy', 'noisy', '--clean', 'clean', '--output', 'noisy'], 1, 'would replace the input'],
    [['--noisy', 'noisy', '--clean', 'clean', '--output', 'drawn.safetensors'], 1, 'is a file'],
    [
      ['--noisy', 'noisy', '--clean', 'clean', '--weights', 'drawn.safetensors', './drawn.safetensors'],
      2,
      'names ./drawn.safetensors twice',
    ],
  ])('%j', async (options, code, ...words) => {
    const before = namesIn(path());
    const ending = evaluate(...options);
    if (options.includes('--json')) expect((await ending).code).toBe(code);
    else await expectRefusal(ending, code, ...words);
    expect(namesIn(path())).toEqual(before);
  });

  it('results that exist, or that cannot be written', async () => {
    await mkdir(path('there'));
    await writeFile(path('there', 'p2_noisy.png'), 'old');
    await expectRefusal(evaluate(...onPairs, '--output', 'there'), 1, 'there/p2_noisy.png exists already');
    expect(await readFile(path('there', 'p2_noisy.png'), 'utf8')).toBe('old');
    await expectSuccess(evaluate(...onPairs, '--output', 'there', '--overwrite'));
    expect(await sharp(path('there', 'p2_noisy.png')).metadata()).toMatchObject({ width: 49, height: 40 });
    await mkdir(path('locked'));
    await chmod(path('locked'), 0o555);
    const wrapper =
      process.geteuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
    const args = ['evaluate', 'denoiser', ...onPairs, ...onCpu, '--output', 'locked'];
    await expectRefusal(revela(args, { cwd: path(), wrapper }), 1, 'access is not allowed');
    await chmod(path('locked'), 0o755);
  });
});
