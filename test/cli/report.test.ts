import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { psnr } from '#src/quality/index.js';
import { readPicture } from '#src/images/index.js';
import { createRunFolder } from '#src/runs/folder/run-folder.js';
import { wholeSettings } from '../runs/settings.js';
import { elementsOf, textOf } from '../report/markup.js';
import { expectRefusal, expectSuccess, namesIn, revela } from './command.js';
import { pageOf, path, recipeOf } from './reported-runs.js';

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
