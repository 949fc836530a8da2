import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { lumaOf, psnr, ssim } from '#src/quality/index.js';
import { readPicture } from '#src/images/index.js';
import { writeSafetensors } from '#src/weights/index.js';
import { madeBackbone, madeHeads, stored } from '../models/distances.js';
import { sharedFolder } from '../shared.js';
import {
  complaintsIn,
  csvRows,
  expectRefusal,
  expectSuccess,
  jsonLines,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();

const compare = (...args: readonly (string | number)[]): ReturnType<typeof revela> =>
  revela(['compare', ...args], { cwd: path(), environment: { REVELA_MODELS: path('models') } });

beforeAll(async () => {
  for (const folder of ['out', 'clean', 'bad', 'small']) await mkdir(path(folder));
  for (const [name, width] of [
    ['a2', 48],
    ['a10', 40],
  ] as const) {
    await photograph(width, 44)
      .png()
      .toFile(path('clean', `${name}_GT.png`));
    await photograph(width, 44)
      .blur(1.2)
      .png()
      .toFile(path('out', `${name}.denoised.png`));
  }
  // A reference that nothing belongs to.
  await photograph(40, 44).png().toFile(path('clean', 'b.png'));
});

describe('the numbers', () => {
  it('of two files are those of the measures, whatever the files are called', async () => {
    const { stdout } = await expectSuccess(
      compare('out/a2.denoised.png', 'clean/a2_GT.png', '--json', '--metric', 'psnr,ssim-y', '--border', 2),
    );
    const [picture, mean, done] = jsonLines(stdout);
    const read = async (file: string) => lumaOf(await readPicture(path(file)), 2);
    const expected = ssim(await read('out/a2.denoised.png'), await read('clean/a2_GT.png'));
    expect(picture).toEqual({
      ...{ kind: 'picture', name: 'a2.denoised', width: 48, height: 44, bits: 8 },
      ...{ picture: 'out/a2.denoised.png', reference: 'clean/a2_GT.png' },
      scores: { psnr: expect.any(Number), 'ssim-y': expected },
    });
    expect(mean).toMatchObject({ kind: 'mean', pictures: 1, border: 2, scores: picture?.['scores'] });
    expect(done).toMatchObject({
      ...{ kind: 'done', failures: [] },
      measures: [
        { name: 'psnr', title: 'PSNR', better: 'higher' },
        { name: 'ssim-y', title: 'SSIM-Y', better: 'higher' },
      ],
    });
  });

  it('of folders stand in a table with their means, pairs told by names, and what is spare is said', async () => {
    const { stdout, stderr } = await expectSuccess(compare('out', 'clean'));
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^picture +pixels +PSNR +SSIM$/);
    expect(lines[2]).toMatch(/^a2 +48×44 +\d+\.\d\d +0\.\d{4}$/);
    expect(lines[3]).toMatch(/^a10 +40×44 /);
    expect(lines[5]).toMatch(/^mean +\d+\.\d\d +0\.\d{4}$/);
    expect(stdout).toContain('SSIM: structural similarity by a Gaussian window');
    expect(stderr).toContain('Left out: 1 reference without a picture (clean/b.png…)\n');
    expect(stderr).toMatch(/Compared 2 pictures in 0:\d\d\n$/);
  });

  it('are the same as CSV, whose means are those of its lines', async () => {
    const { stdout } = await expectSuccess(compare('out/*', 'clean/*_GT.png', '--csv', '--metric', 'psnr'));
    const rows = csvRows(stdout);
    expect(rows[0]).toEqual('kind,name,picture,reference,width,height,bits,psnr'.split(','));
    expect(rows.map(([kind, name]) => `${kind} ${name}`).slice(1)).toEqual([
      'picture a2',
      'picture a10',
      'mean ',
    ]);
    const [a = Number.NaN, b = Number.NaN, mean] = rows.slice(1).map((row) => Number(row[7]));
    expect(mean).toBeCloseTo((a + b) / 2, 9);
    const files = ['out/a10.denoised.png', 'clean/a10_GT.png'];
    const [one, other] = await Promise.all(files.map((file) => readPicture(path(file))));
    if (one === undefined || other === undefined) expect.fail('nothing was read');
    expect(b).toBe(psnr(one, other));
  });

  it('take grey for colours that are alike, and know equal pictures', async () => {
    const grey = photograph(40, 36, 1);
    await grey.clone().png().toFile(path('small', 'grey.png'));
    const { data, info } = await grey.clone().raw().toBuffer({ resolveWithObject: true });
    const colours = Uint8Array.from(
      { length: 3 * info.width * info.height },
      (_, i) => data[Math.floor(i / 3)] ?? 0,
    );
    await sharp(colours, { raw: { width: info.width, height: info.height, channels: 3 } })
      .png()
      .toFile(path('small', 'colour.png'));
    const { stdout } = await expectSuccess(
      compare('small/grey.png', 'small/colour.png', '--metric', 'psnr,psnr-y,ssim'),
    );
    expect(stdout).toMatch(/^grey +40×36 +∞ +∞ +1\.0000$/m);
  });

  it('by LPIPS come from files or models that are named, or registered under their usual names', async () => {
    for (const [name, tensors] of [
      ['heads', madeHeads('squeeze')],
      ['squeeze', madeBackbone('squeeze')],
    ] as const)
      await writeSafetensors(path(`${name}.safetensors`), { tensors: stored(tensors), metadata: {} });
    const two = [
      'out/a2.denoised.png',
      'clean/a2_GT.png',
      '--device',
      'cpu',
      '--threads',
      1,
      '--json',
    ] as const;
    const lpips = ['--metric', 'lpips', '--network', 'squeeze'] as const;
    await expectRefusal(
      compare(...two.slice(0, -1), ...lpips),
      1,
      'lpips-squeeze is not in',
      'get it with revela models pull lpips-squeeze',
    );
    const byFile = await expectSuccess(
      compare(
        ...two,
        ...lpips,
        '--lpips-weights',
        'heads.safetensors',
        '--lpips-backbone',
        'squeeze.safetensors',
      ),
    );
    for (const [file, name] of [
      ['heads.safetensors', 'lpips-squeeze'],
      ['squeeze.safetensors', 'squeezenet1_1'],
    ] as const)
      await copyFile(path(file), path(name));
    const byName = await expectSuccess(compare(...two, '--metric', 'lpips-squeeze'));
    const scores = [byFile, byName].map(
      ({ stdout }) => jsonLines(stdout).find(({ kind }) => kind === 'mean')?.['scores'],
    );
    expect(scores[0]).toEqual({ 'lpips-squeeze': expect.any(Number) });
    expect(scores[1]).toEqual(scores[0]);
  });

  it('on noisy photographs are those of other programs', async (context) => {
    const folder = sharedFolder(context, 'data', 'sidd5');
    const { stdout } = await expectSuccess(
      compare(
        `${folder}/noisy/34.png`,
        `${folder}/clean/34.png`,
        '--metric',
        'psnr,ssim,ssim-uniform',
        '--csv',
      ),
    );
    const [, row = []] = csvRows(stdout);
    const expected = [16.57339541535371, 0.13143810358361616, 0.13603571764466493];
    for (const [i, value] of expected.entries()) expect(Number(row[7 + i])).toBeCloseTo(value, 6);
  });
});

describe('what is wrong with some pictures', () => {
  beforeAll(async () => {
    await mkdir(path('refs'));
    for (const name of ['good', 'size', 'tiny', 'broken'])
      await photograph(name === 'tiny' ? 8 : 40, 36)
        .png()
        .toFile(path('refs', `${name}.png`));
    for (const name of ['good', 'tiny', 'broken', 'alone'])
      await photograph(name === 'tiny' ? 8 : 40, 36)
        .blur(1)
        .png()
        .toFile(path('bad', `${name}.png`));
    await photograph(32, 36).png().toFile(path('bad', 'size.png'));
    await writeFile(path('refs', 'broken.png'), 'No picture.');
  });

  const wrong = [
    'bad/alone.png has no reference: expected one named alone, or the same without words like denoised or x4, with any extension, in refs',
    'refs/broken.png is not a picture',
    'bad/size.png has 32×36 pixels and refs/size.png has 40×36; expected two pictures of one size',
    'bad/tiny.png has 8×36 pixels, and SSIM needs at least 11×11',
  ];

  it('is listed at the end, a line each, and the others are measured', async () => {
    const { stdout, stderr, code } = await compare('bad', 'refs');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^good +40×36 /m);
    const lines = complaintsIn(stderr);
    expect(lines).toHaveLength(4);
    for (const [i, words] of wrong.entries()) expect(lines[i]).toContain(words);
    expect(stderr).toMatch(/Compared 1 of 5 pictures in 0:\d\d\n$/);
  });

  it('is shown without the codes that names may hold', async () => {
    for (const folder of ['odd', 'odd-refs']) await mkdir(path(folder));
    for (const name of ['a\u001b[31m.png', 'b.png']) await writeFile(path('odd', name), 'No picture.');
    for (const name of ['a\u001b[31m.png', 'b.png']) await photograph(40, 36).toFile(path('odd-refs', name));
    const { stderr } = await compare('odd', 'odd-refs');
    expect(stderr).toContain('revela: odd/a?[31m.png is not a picture');
    expect(stderr).not.toContain('\u001b');
  });

  it('is told to programs too', async () => {
    const { stdout, code } = await compare('bad', 'refs', '--json');
    expect(code).toBe(1);
    const done = jsonLines(stdout).at(-1);
    expect(done?.['failures']).toEqual(
      ['alone', 'broken', 'size', 'tiny'].map((name, i) => ({
        input: `bad/${name}.png`,
        message: expect.stringContaining(wrong[i] ?? ''),
      })),
    );
  });

  it.each<[args: readonly (string | number)[], code: 1 | 2, ...words: string[]]>([
    [['bad/size.png', 'refs/size.png'], 1, 'expected two pictures of one size'],
    [['bad/good.png', 'refs/broken.png'], 1, 'refs/broken.png is not a picture'],
    [['bad/good.png', 'gone.png'], 1, 'gone.png does not exist'],
    [['bad/good.png'], 2, "missing required argument 'B'"],
    [['out', 'refs'], 1, 'out/a2.denoised.png and 1 more of 2 have no reference picture'],
    [['bad/good.png', 'refs/good.png', '--metric', 'niqe'], 2, '--metric must be one of psnr, psnr-y, ssim'],
    [['bad/good.png', 'refs/good.png', '--metric', 'psnr,psnr'], 2, '--metric names psnr twice'],
    [['bad/good.png', 'refs/good.png', '--border', 18], 1, 'nothing is left without a border of 18'],
    [['bad/good.png', 'refs/good.png', '--border', 13], 1, 'without its border of 13, and SSIM needs'],
    [['bad/good.png', 'refs/good.png', '--metric', 'ms-ssim'], 1, 'MS-SSIM needs at least 161×161'],
    [['bad/good.png', 'refs/good.png', '--network', 'vgg19'], 2, 'Allowed choices are alex, vgg, squeeze'],
    [
      ['bad/good.png', 'refs/good.png', '--metric', 'dists'],
      1,
      'dists is not in',
      'revela models pull dists',
    ],
  ])('%j', async (args, code, ...words) => {
    await expectRefusal(compare(...args), code, ...words);
  });

  it('two ways of writing the table', async () => {
    const { code, stderr } = await compare('out', 'clean', '--json', '--csv');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--json and --csv both say how')]);
  });
});

it('ends with what was compared until then when it is stopped', async () => {
  for (const folder of ['many', 'these']) await mkdir(path(folder));
  for (let i = 0; i < 60; i++) {
    await copyFile(path('out', 'a2.denoised.png'), path('many', `${i}.png`));
    await copyFile(path('clean', 'a2_GT.png'), path('these', `${i}.png`));
  }
  const stopped = await revela(['compare', path('many'), path('these'), '--json'], {
    interrupt: { at: '"kind":"picture"', signal: 'SIGINT' },
  });
  expect(stopped.code).toBe(130);
  const lines = jsonLines(stopped.stdout);
  const done = lines.filter(({ kind }) => kind === 'picture').length;
  expect(done).toBeLessThan(60);
  expect(lines.find(({ kind }) => kind === 'mean')).toMatchObject({ pictures: done });
  expect(stopped.stderr).toBe(`revela: stopped after ${done} of 60 pictures; the means are of these\n`);
});
