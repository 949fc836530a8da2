import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { evaluateQuality, score } from '#src/api/index.js';
import { agreement } from '#src/quality/index.js';
import { elementsOf, parsePage, textOf } from '../report/markup.js';
import { complaintsIn, expectRefusal, expectSuccess, jsonLines, photograph, revela } from './command.js';
import { blurs, evaluate, names, path, photos, said, table } from './judged-photos.js';

/** NIQE by the model of the package. */
const own = "NIQE (Revela's model)";

describe('agreement with people', () => {
  it('is that of the scores of the measures, in tables, CSV and JSON alike', async () => {
    const measured = [...photos, '--metric', 'revela', '--metric', 'NIQE', '--resamples', 50];
    const { stdout, stderr } = await expectSuccess(evaluate(...measured, '--json'));
    expect(stderr).toBe('');
    const lines = jsonLines(stdout);
    const pictures = lines.filter(({ kind }) => kind === 'picture');
    const file = (i: number): string => `photos/${i < 3 ? '' : 'in/'}p${i + 1}.png`;
    const scored = await Promise.all(names.map((_, i) => score(path(file(i)), { metric: 'niqe' })));
    expect(pictures).toEqual(
      names.map((name, i) => ({
        ...{ kind: 'picture', name: `${i < 2 ? 'set/' : ''}${name}`, file: file(i), opinion: said[i] },
        scores: { revela: expect.any(Number), niqe: scored[i]?.value },
      })),
    );
    const expected = agreement(
      scored.map(({ value }) => value),
      [...said],
      { better: 'lower', resamples: 50 },
    );
    const niqe = lines.find((line) => line['kind'] === 'measure' && line['name'] === 'niqe');
    expect(niqe).toEqual({
      ...{ kind: 'measure', name: 'niqe', title: own, better: 'lower', betterOpinion: 'higher' },
      ...expected,
    });
    expect(lines.at(-1)).toMatchObject({ kind: 'done', failures: [], missing: [], betterOpinion: 'higher' });

    const csv = (await expectSuccess(evaluate(...measured, '--csv'))).stdout.trimEnd().split('\r\n');
    expect(csv[0]).toBe(
      'kind,measure,picture,opinion,score,pictures,srcc,srccLow,srccHigh,plcc,plccLow,plccHigh,krcc,krccLow,krccHigh,betterOpinion',
    );
    expect(csv).toHaveLength(1 + 2 * (6 + 1));
    expect(csv).toContain(`picture,niqe,p6.png,1.1,${scored[5]?.value},,,,,,,,,,,higher`);
    const { srcc, plcc, krcc } = expected;
    const numbers = [srcc, plcc, krcc].flatMap(({ value, low, high }) => [value, low, high]);
    expect(csv.at(-1)).toBe(`measure,niqe,,,,6,${numbers.join(',')},higher`);

    const text = await expectSuccess(evaluate(...measured));
    const [low, high] = [srcc.low, srcc.high].map((value) => value.toFixed(3));
    expect(text.stdout).toMatch(/^measure +pictures +SRCC +PLCC +KRCC$/m);
    expect(text.stdout).toMatch(/^Revela's scorer +6 /m);
    expect(text.stdout).toContain(`${srcc.value.toFixed(3)}  (${low} to ${high})`);
    expect(text.stdout).toContain("KRCC: Kendall's τ-b.");
    expect(text.stderr).toMatch(/scoring .*: picture \d\/6/);
    expect(text.stderr).toMatch(/Scored 6 pictures in 0:\d\d\n$/);
  });

  it('is turned where low opinions are good, and the fit with it', async () => {
    await table(
      'dmos.csv',
      'Dist. Img;who;DMOS',
      ...names.map((name, i) => `"${name}";"a; b";${5 - (said[i] ?? 0)}`),
    );
    const images = path('photos');
    const options = { images, metrics: ['niqe'], resamples: 0 } as const;
    const plain = await evaluateQuality({ ...options, scores: path('mos.csv') });
    const turned = await evaluateQuality({ ...options, scores: path('dmos.csv') });
    const forced = await evaluateQuality({ ...options, scores: path('dmos.csv'), better: 'higher' });
    expect([plain.better, turned.better, forced.better]).toEqual(['higher', 'lower', 'higher']);
    const [one, other, wrong] = [plain, turned, forced].map(({ measures }) => measures[0]?.agreement);
    expect(other?.srcc.value).toBeCloseTo(one?.srcc.value ?? Number.NaN, 9);
    expect(wrong?.srcc.value).toBeCloseTo(-(one?.srcc.value ?? Number.NaN), 9);
    expect(other?.plcc.value).toBeCloseTo(one?.plcc.value ?? Number.NaN, 4);
    expect(other?.fit[0]).toBeCloseTo(5 - (one?.fit[0] ?? Number.NaN), 1);
  });

  it('leaves out what cannot be judged, lists it, and ends with 1', async () => {
    await mkdir(path('some'));
    for (const [i, blur] of blurs.entries())
      await photograph(220, 200)
        .blur(0.4 + blur)
        .png()
        .toFile(path('some', `p${i + 1}.png`));
    await sharp({ create: { width: 220, height: 200, channels: 3, background: '#888' } })
      .png()
      .toFile(path('some', 'flat.png'));
    await writeFile(path('some', 'broken.png'), 'No picture.');
    await writeFile(path('some', 'old.bmp'), 'BM');
    const more = ['flat.png,3', 'broken.png,2', 'old.bmp,1', 'gone.png,1'];
    await table('some.csv', 'image,mos', ...names.map((name, i) => `${name},${said[i]}`), ...more);
    const some = ['--scores', 'some.csv', '--images', 'some', '--metric', 'niqe'] as const;
    await expectRefusal(evaluate(...some), 1, 'some.csv, line 11: gone.png is not in some', '--skip-missing');
    const { code, stdout, stderr } = await evaluate(...some, '--skip-missing');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^NIQE \(Revela's model\) +6 /m);
    expect(stderr).toContain('Left out: 1 name without a picture (gone.png…)\n');
    const told = complaintsIn(stderr);
    expect(told).toHaveLength(3);
    expect(told[0]).toContain('some/flat.png: NIQE needs at least two patches');
    expect(told[1]).toContain('some/broken.png is not a picture');
    expect(told[2]).toContain('some/old.bmp');
    expect(stderr).toMatch(/Scored 6 of 9 pictures in 0:\d\d\n$/);
  });

  it('cannot be said of scores that are all alike, which is told', async () => {
    await mkdir(path('alike'));
    for (const name of names) await photograph(220, 200).png().toFile(path('alike', name));
    const { code, stdout, stderr } = await evaluate(
      '--scores',
      'mos.csv',
      '--images',
      'alike',
      '--metric',
      'niqe',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^NIQE \(Revela's model\) +6 +–/m);
    expect(stderr).toMatch(/^revela: NIQE \(Revela's model\): the scores are all \d+\.\d+/m);
  });
});

describe('the page', () => {
  it('shows correlations, a dot a picture, and the pictures of greatest disagreement, and needs nothing else', async () => {
    const hostile = '"><script>alert(1)</script>.png';
    await mkdir(path('page'));
    for (const [i, blur] of blurs.entries())
      await photograph(220, 200)
        .blur(0.4 + blur)
        .png()
        .toFile(path('page', i === 0 ? hostile.replaceAll('/', '_') : `p${i + 1}.png`));
    await table(
      'page.csv',
      'image,mos',
      ...names.map((name, i) => {
        const shown = i === 0 ? hostile.replaceAll('/', '_') : name;
        return `"${shown.replaceAll('"', '""')}",${said[(i + 3) % 6]}`;
      }),
    );
    const options = [
      '--scores',
      'page.csv',
      '--images',
      'page',
      '--metric',
      'niqe,revela',
      '--resamples',
      20,
    ] as const;
    const { stdout, stderr } = await expectSuccess(evaluate(...options, '--report', 'made/page.html'));
    expect(stdout).toMatch(/^NIQE \(Revela's model\) +6 /m);
    expect(stderr).toContain('page.csv → made/page.html\n');
    const text = await readFile(path('made/page.html'), 'utf8');
    expect(text).not.toMatch(/<script|(?:src|href)="(?!data:)/);
    const root = parsePage(text);
    expect(elementsOf(root, 'h2').map(textOf)).toEqual(['Agreement', 'Scores', 'Greatest disagreement']);
    expect(elementsOf(root, 'circle')).toHaveLength(12);
    const images = elementsOf(root, 'img');
    expect(images.length).toBeGreaterThanOrEqual(4);
    for (const { attributes } of images)
      expect(attributes.get('src')).toMatch(/^data:image\/(?:png|webp);base64,/);
    expect(textOf(root)).toMatch(/people 2\.9, place 4 NIQE \(Revela's model\) [\d.]+, place \d/);
    expect(images.map(({ attributes }) => attributes.get('alt'))).toContain(hostile.replaceAll('/', '_'));
    await expectRefusal(evaluate(...options, '--report', 'made/page.html'), 1, 'made/page.html exists');
    expect(textOf(root)).toContain('the interval that holds 95 %');

    const plain = [...options.slice(0, 4), '--metric', 'niqe', '--resamples', 0] as const;
    await expectSuccess(evaluate(...plain, '--report', 'made/plain.html'));
    const without = textOf(parsePage(await readFile(path('made/plain.html'), 'utf8')));
    expect(without).not.toMatch(/bootstrap|\d to \d/);
  });
});

it('ends with the correlations of the pictures until then when it is stopped', async () => {
  await mkdir(path('many'));
  for (let i = 0; i < 40; i++)
    await copyFile(path('photos', i % 2 === 0 ? 'p1.png' : 'p2.png'), path('many', `${i}.png`));
  await table('many.csv', 'image,mos', ...Array.from({ length: 40 }, (_, i) => `${i}.png,${i}`));
  const many = ['--scores', path('many.csv'), '--images', path('many'), '--metric', 'niqe', '--json'];
  const stopped = await revela(['evaluate', 'quality', ...many], {
    interrupt: { at: 'many/7.png', signal: 'SIGINT' },
  });
  expect(stopped.code).toBe(130);
  const lines = jsonLines(stopped.stdout);
  const done = lines.filter(({ kind }) => kind === 'picture').length;
  expect(done).toBeLessThan(40);
  expect(lines.find(({ kind }) => kind === 'measure')).toMatchObject({
    ...{ name: 'niqe', pictures: done },
    srcc: { value: expect.any(Number) },
  });
  expect(stopped.stderr).toBe(`revela: stopped after ${done} pictures; the correlations are of these\n`);
});
