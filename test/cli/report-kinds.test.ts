import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createRunFolder } from '#src/runs/folder/run-folder.js';
import { wholeSettings } from '../runs/settings.js';
import { elementsOf, textOf } from '../report/markup.js';
import { expectSuccess, jsonLines, photograph, revela } from './command.js';
import { addSamples, makeRun, pageOf, path } from './reported-runs.js';

const hostile = '"><script>alert(1)</script>&amp;';

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
