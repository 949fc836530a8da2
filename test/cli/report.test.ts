import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';

import { beforeAll, describe, expect, it } from 'vitest';
import { psnr } from '#src/quality/index.js';
import { readPicture } from '#src/images/index.js';
import { createRunFolder } from '#src/runs/folder/run-folder.js';
import { wholeSettings } from '../runs/settings.js';
import { elementsOf, parsePage, textOf } from '../report/markup.js';
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
const hostile = '"><script>alert(1)</script>&amp;';

/** A recipe of one stage. */
const recipeOf = (patch: number) => ({
  ...wholeSettings.denoiser.recipe,
  stages: [{ share: 1, patch, batch: 1, learningRate: 0.002, curve: 'cosine' }],
});

/** A run as the training leaves it, with numbers that are known. */
async function makeRun(name: string, steps: number, changes: object = {}, validated = true): Promise<void> {
  const run = await createRunFolder(path(name), {
    ...wholeSettings.denoiser,
    config: { in_ch: 3, out_ch: 3, base_ch: 32, num_module: 3 },
    recipe: recipeOf(80),
    budget: { steps: 3000 },
    files: [path('pictures', 'a.png'), path('pictures', 'b.png')],
    validation: { pairs: [], pictures: [] },
    ...changes,
  });
  for (let step = 1; step <= steps; step++) {
    run.appendMetrics({ step, loss: 5 / step + 1, gradientNorm: 2, learningRate: 0.002, seconds: step / 4 });
    if (validated && step % 500 === 0)
      run.appendMetrics({ step, validationPsnr: 30 + step / 1000, validationSsim: 0.8 });
  }
  await run.close();
}

/** Sample pictures of a step. */
async function addSamples(run: string, step: number): Promise<void> {
  const folder = path(run, 'samples', `step-${String(step).padStart(8, '0')}`);
  await mkdir(folder, { recursive: true });
  await photograph(40, 30).png().toFile(`${folder}/cat.noisy.png`);
  await photograph(40, 30, 3)
    .blur(1 + step / 1000)
    .png()
    .toFile(`${folder}/cat.denoised.png`);
  await photograph(40, 30, 3).blur(2).png().toFile(`${folder}/cat.clean.png`);
}

async function pageOf(file: string) {
  const text = await readFile(path(file), 'utf8');
  return { text, root: parsePage(text) };
}

beforeAll(async () => {
  await mkdir(path('pictures'));
  for (const name of ['a.png', 'b.png']) await photograph(16, 16).png().toFile(path('pictures', name));
  await makeRun('long', 3000);
  await makeRun('short', 700, { recipe: recipeOf(120) });
  for (const step of [500, 1000, 3000]) await addSamples('long', step);
  await makeRun('old', 20, {}, false);
  await makeRun('new', 0);
});

describe('a page of two runs', () => {
  it('is one file with everything in it', async () => {
    const { stdout, stderr } = await expectSuccess(
      revela(['report', 'long', 'short', '--output', 'pages/two.html'], { cwd: path() }),
    );
    expect(stdout).toBe('pages/two.html\n');
    expect(stderr).toMatch(/Reported on 2 runs in pages\/two\.html \([\d.]+ KiB\)\n$/);
    const { text, root } = await pageOf('pages/two.html');
    expect(elementsOf(root, 'script')).toEqual([]);
    expect(elementsOf(root, 'link')).toEqual([]);
    const addresses = [...text.matchAll(/(?:src|href|url)\s*[=(]\s*"?([^"\s)>]{1,20})/g)].map(([, to]) => to);
    expect(addresses.filter((to) => !to?.startsWith('data:image/'))).toEqual([]);
    const ids = [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows the numbers', async () => {
    const { root } = await pageOf('pages/two.html');
    const [summary] = elementsOf(root, 'table');
    if (summary === undefined) expect.fail('there is no table');
    const rows = elementsOf(summary, 'tr').map(textOf);
    expect(rows[0]).toBe('Run State Trains Method Network Pictures Steps Time PSNR, dB SSIM Loss');
    expect(rows[1]).toMatch(
      /^long finished a denoiser sdap dbsnl 106,099 parameters 2 3,000 of 3,000 12 min 30 s 4 steps\/s 33\.00 best, step 3,000 last 33\.00 0\.8000 best, step 500 last 0\.8000 1\.00\d last, smoothed$/,
    );
    expect(rows[2]).toMatch(/^short unfinished last seen .* sdap .* 700 of 3,000 .* 30\.50 best, step 500/);
    for (const table of elementsOf(root, 'table')) {
      for (const head of elementsOf(table, 'th'))
        expect(head.attributes.get('scope')).toMatch(/^(?:row|col)$/);
    }
  });

  it('draws every metric twice, with a description', async () => {
    const { root } = await pageOf('pages/two.html');
    const charts = elementsOf(root, 'div').filter(({ attributes }) => attributes.get('role') === 'img');
    const titles = [
      'Validation PSNR',
      'Validation SSIM',
      'Training loss',
      'Norm of the gradients',
      'Learning rate',
    ];
    expect(charts.map(({ attributes }) => attributes.get('aria-label'))).toEqual(
      titles.flatMap((title) =>
        ['steps', 'time'].map((axis) => `${title} against ${axis}, a line for each run`),
      ),
    );
    for (const chart of charts) {
      expect(elementsOf(chart, 'svg')).toHaveLength(1);
      const strokes = elementsOf(chart, 'path').map(({ attributes }) => attributes.get('stroke'));
      expect(strokes).toEqual(expect.arrayContaining(['var(--run-0)', 'var(--run-1)']));
    }
  });

  it('marks what differs', async () => {
    const { root } = await pageOf('pages/two.html');
    const different = elementsOf(root, 'tr').filter(
      ({ attributes }) => attributes.get('class') === 'different',
    );
    expect(different.map(textOf)).toHaveLength(1);
    expect(different.map(textOf)[0]).toMatch(/^recipe\.stages differs .*"patch":80.*"patch":120/);
  });

  it('shows the pictures of the last step, and the way there', async () => {
    const { root } = await pageOf('pages/two.html');
    const pictures = elementsOf(root, 'img');
    expect(pictures.map(({ attributes }) => attributes.get('alt'))).toEqual([
      'cat, noisy',
      'cat, denoised by long at step 3,000',
      'cat, clean',
      'cat, denoised by long at step 500',
      'cat, denoised by long at step 1,000',
    ]);
    const last = path('long', 'samples', 'step-00003000');
    const source = pictures[1]?.attributes.get('src') ?? '';
    const bytes = await readFile(`${last}/cat.denoised.png`);
    expect(Buffer.from(source.slice(source.indexOf(',') + 1), 'base64').equals(bytes)).toBe(true);
    const decibels = psnr(
      await readPicture(`${last}/cat.denoised.png`),
      await readPicture(`${last}/cat.clean.png`),
    );
    expect(elementsOf(root, 'figcaption').map(textOf)).toContain(
      `long , step 3,000 ${decibels.toFixed(2)} dB`,
    );
  });

  it('gives the commands', async () => {
    const { root } = await pageOf('pages/two.html');
    const options = '--method sdap --preset fast --network dbsnl --base-channels 32 --modules 3 --patch';
    const recipe =
      '--batch 1 --schedule cosine --learning-rate 0.002 --optimiser adamw --weight-decay 0.001 --average-decay 0.99 --seed 4 --steps 3000 --clip 1';
    expect(elementsOf(root, 'code').map(textOf)).toEqual([
      `revela train denoiser ${path('pictures')} --output long-again ${options} 80 ${recipe}`,
      `revela train denoiser ${path('pictures')} --output short-again ${options} 120 ${recipe}`,
      'revela train denoiser --resume short',
      'revela report long short',
    ]);
  });
});

describe('other runs', () => {
  it('without validation, and without a step', async () => {
    const { stdout } = await expectSuccess(
      revela(['report', path('old'), path('new'), '-o', path('few.html'), '--json']),
    );
    expect(jsonLines(stdout).at(-1)).toMatchObject({ kind: 'done', written: [path('few.html')] });
    const { root } = await pageOf('few.html');
    expect(textOf(root)).toContain('new has no metrics yet:');
    expect(textOf(root)).not.toContain('PSNR, dB');
    const charts = elementsOf(root, 'div').filter(({ attributes }) => attributes.get('role') === 'img');
    expect(charts).toHaveLength(6);
  });

  it('that go on, with half a line, half a picture and numbers that are none', async () => {
    await makeRun('going', 30, {}, false);
    await addSamples('going', 10);
    const file = path('going', 'metrics.jsonl');
    await writeFile(file, `${await readFile(file, 'utf8')}{"step":31,"loss":null}\nnonsense\n{"step":32,"lo`);
    await writeFile(path('going', 'samples', 'step-00000010', 'cat.clean.png'), 'half');
    await expectSuccess(revela(['report', path('going'), '-o', path('going.html')]));
    const { root } = await pageOf('going.html');
    expect(elementsOf(root, 'tr').map(textOf)[1]).toMatch(
      /^going unfinished .* 31 of 3,000 7\.5 s 4 steps\/s/,
    );
    expect(elementsOf(root, 'img')).toHaveLength(2);
  });

  it('whose names would be markup', async () => {
    await makeRun(`${hostile.replaceAll('/', '-')}`, 5, {
      method: hostile,
      files: [`/${hostile}.png`],
      licence: hostile,
    });
    const name = hostile.replaceAll('/', '-');
    const folder = path(name, 'samples', 'step-00000005');
    await mkdir(folder, { recursive: true });
    await photograph(16, 16).png().toFile(`${folder}/x.denoised.png`);
    await copyFile(`${folder}/x.denoised.png`, `${folder}/"onerror="<b>.denoised.png`);
    await expectSuccess(revela(['report', path(name), '-o', path('hostile.html')]));
    const { text, root } = await pageOf('hostile.html');
    expect(elementsOf(root, 'script')).toEqual([]);
    expect(elementsOf(root, 'b')).toEqual([]);
    expect(text).not.toContain('<script');
    expect(elementsOf(root, 'h1').map(textOf)).toEqual([name]);
    for (const { attributes } of elementsOf(root, 'img'))
      expect([...attributes.keys()]).toEqual(['src', 'width', 'height', 'alt']);
  });
});

describe('a run of every kind of training', () => {
  const kinds = [
    ['denoiser', 'a denoiser', 'revela train denoiser', 'PSNR over all RGB values'],
    ['distillation', 'a student', 'revela distill', 'PSNR over all RGB values'],
    ['upscaler', 'an upscaler', 'revela train upscaler', 'PSNR and SSIM of the luma'],
    ['scorer', 'a scorer', 'revela train scorer', 'Pairs in the right order'],
  ] as const;

  it.each(kinds)('%s has its own words, command and terms', async (kind, title, command, terms) => {
    const run = await createRunFolder(path(`kind-${kind}`), { ...wholeSettings[kind] });
    const measured =
      kind === 'scorer'
        ? { validationRanking: 0.9, validationLoss: 0.1 }
        : { validationPsnr: 30, validationSsim: 0.9 };
    for (let step = 1; step <= 3; step++) run.appendMetrics({ step, loss: 1, seconds: step, ...measured });
    await run.close();
    await expectSuccess(revela(['report', path(`kind-${kind}`), '-o', path(`${kind}.html`)]));
    const { root } = await pageOf(`${kind}.html`);
    expect(elementsOf(root, 'tr').map(textOf)[1]).toMatch(
      new RegExp(`^kind-${kind} unfinished .* ${title} ${wholeSettings[kind].method} `),
    );
    const [again = '', resume = ''] = elementsOf(root, 'code').map(textOf);
    expect(again.startsWith(`${command} /pictures/a.png /pictures/b.png --output `)).toBe(true);
    expect(resume).toBe(`${command} --resume ${path(`kind-${kind}`)}`);
    expect(elementsOf(root, 'footer').map(textOf)[0]).toContain(terms);
    const settings = elementsOf(root, 'th').map(textOf);
    for (const name of Object.keys(wholeSettings[kind]))
      expect(settings.some((title) => title === name || title.startsWith(`${name}.`))).toBe(true);
  });

  it('stands beside others, whose numbers are of another kind', async () => {
    await expectSuccess(
      revela(['report', path('kind-upscaler'), path('kind-denoiser'), '-o', path('both.html')]),
    );
    const { root } = await pageOf('both.html');
    const footer = elementsOf(root, 'footer').map(textOf)[0] ?? '';
    expect(footer).toContain('Of an upscaler: PSNR and SSIM of the luma');
    expect(footer).toContain('Of a denoiser: PSNR over all RGB values');
  });
});

describe('refuses', () => {
  it('a run with settings that are damaged, in one line, as info and resuming do', async () => {
    const config = {
      ...wholeSettings.denoiser,
      config: { base_ch: -1, num_module: 1, in_ch: 3, out_ch: 3 },
    };
    await (await createRunFolder(path('wrong'), config)).close();
    const line = 'the settings of the run wrong are damaged (config.json): config.base_ch must be';
    const runs = [
      ['report', 'wrong', '-o', 'wrong.html'],
      ['info', 'wrong'],
      ['train', 'denoiser', '--resume', 'wrong'],
    ];
    for (const args of runs) await expectRefusal(revela(args, { cwd: path() }), 1, line);
    await (
      await createRunFolder(path('wrong stages'), {
        ...wholeSettings.denoiser,
        recipe: { ...recipeOf(80), stages: [null] },
      })
    ).close();
    await expectRefusal(
      revela(['train', 'denoiser', '--resume', 'wrong stages'], { cwd: path() }),
      1,
      'recipe.stages[0] must be an object, got null',
    );
  });

  it('a model of a classical measure, which no run folder holds', async () => {
    await writeFile(path('niqe.safetensors'), 'x');
    await expectRefusal(
      revela(['report', 'niqe.safetensors'], { cwd: path() }),
      1,
      'niqe.safetensors is a file, and a report is of run folders; revela info describes files',
    );
  });

  it.each<[args: readonly string[], code: 1 | 2, ...words: string[]]>([
    [['report'], 2, "missing required argument 'RUN'"],
    [['report', 'gone'], 1, 'cannot open the run folder gone: it does not exist'],
    [['report', 'pictures'], 1, 'pictures is not a run folder: it has no config.json'],
    [['report', 'long', './long'], 2, './long is named twice'],
    [['report', 'long', '--output', 'taken.html'], 1, 'taken.html exists already', '--overwrite'],
    [['report', 'long', '--output', 'pictures'], 1, 'pictures: it is a folder'],
    [['report', 'long', '--output', 'taken.html/x.html'], 1, 'a part of its path is a file'],
  ])('%j', async (args, code, ...words) => {
    await writeFile(path('taken.html'), 'old');
    const before = namesIn(path());
    await expectRefusal(revela(args, { cwd: path() }), code, ...words);
    expect(namesIn(path())).toEqual(before);
    expect(await readFile(path('taken.html'), 'utf8')).toBe('old');
  });

  it('a folder that cannot be written', async () => {
    await mkdir(path('locked'));
    await chmod(path('locked'), 0o555);
    const wrapper =
      process.geteuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
    await expectRefusal(
      revela(['report', 'old', '-o', 'locked/x.html'], { cwd: path(), wrapper }),
      1,
      'cannot write locked/x.html: access is not allowed',
    );
    await chmod(path('locked'), 0o755);
  });

  it('nothing where overwriting is allowed', async () => {
    await writeFile(path('mine.html'), 'old');
    await expectSuccess(revela(['report', 'old', '-o', 'mine.html', '--overwrite'], { cwd: path() }));
    expect(await readFile(path('mine.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });
});
