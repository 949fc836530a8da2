import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateQuality, score } from '#src/api/index.js';
import { agreement } from '#src/quality/index.js';
import { elementsOf, parsePage, textOf } from '../report/markup.js';
import {
  complaintsIn,
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
/** Of each picture: how much it was blurred, and what somebody said of it. */
const blurs = [0, 0.6, 1.2, 2, 3, 5] as const;
const said = [4.5, 4.7, 3.2, 2.9, 2.0, 1.1] as const;
const names = blurs.map((_, i) => `p${i + 1}.png`);

const evaluate = (...options: readonly (string | number)[]): ReturnType<typeof revela> =>
  revela(['evaluate', 'quality', ...onCpu, ...options], { cwd: path() });

/** NIQE by the model of the package. */
const own = "NIQE (Revela's model)";
const photos = ['--scores', 'mos.csv', '--images', 'photos'] as const;

/** A table of opinions, from its lines. */
const table = (name: string, ...lines: readonly string[]): Promise<void> =>
  writeFile(path(name), `${lines.join('\n')}\n`);

beforeAll(async () => {
  await mkdir(path('photos', 'in'), { recursive: true });
  for (const [i, blur] of blurs.entries()) {
    const picture = photograph(220, 200);
    await (blur === 0 ? picture : picture.blur(blur))
      .png()
      .toFile(path('photos', i < 3 ? '' : 'in', `p${i + 1}.png`));
  }
  await table('mos.csv', 'image,mos', ...names.map((name, i) => `${i < 2 ? 'set/' : ''}${name},${said[i]}`));
});

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

describe('refuses before anything is scored', () => {
  beforeAll(async () => {
    await table('words.csv', 'image,mos', 'p1.png,4', 'p2.png,good');
    await table('constant.csv', 'image,mos', ...names.map((name) => `${name},3`));
    await table('unknown.csv', 'image,mos', ...names.map((name) => `x${name},${name.length}`), 'y,2');
    await table('few.csv', 'image,mos', 'p1.png,4', 'p2.png,3');
    await table('twice.csv', 'image,mos', 'p1.png,4', 'a/p1.png,3');
    await table('titles.csv', 'id,worth', '1,2');
    await table('endless.csv', 'image,mos', 'p1.png,4', 'p2.png,1e999');
    await mkdir(path('both', 'a'), { recursive: true });
    for (const file of ['p1.png', 'p1.jpg']) await photograph(20, 20).toFile(path('both', 'a', file));
    await table('stems.csv', 'image,mos', 'a/p1,3', 'a/p2,4');
  });

  it.each<[options: readonly (string | number)[], code: 1 | 2, ...words: string[]]>([
    [['--images', 'photos'], 2, '--scores <FILE>'],
    [['--scores', 'gone.csv', '--images', 'photos'], 1, 'cannot read gone.csv: it does not exist'],
    [['--scores', 'mos.csv', '--images', 'gone'], 1, 'gone is no folder', 'mos.csv'],
    [['--scores', 'words.csv', '--images', 'photos'], 1, 'words.csv, line 3: the score of p2.png is "good"'],
    [
      ['--scores', 'constant.csv', '--images', 'photos'],
      1,
      'constant.csv: all scores of the column mos are 3',
    ],
    [
      ['--scores', 'unknown.csv', '--images', 'photos'],
      1,
      'unknown.csv, line 2: xp1.png is not in photos, nor are 6 more of its 7 pictures; give the folder',
    ],
    [
      ['--scores', 'few.csv', '--images', 'photos'],
      1,
      'at least 5 pictures, and 2 of its pictures are taken',
    ],
    [
      ['--scores', 'twice.csv', '--images', 'photos'],
      1,
      'line 3: a/p1.png stands for photos/p1.png, as p1.png in line 2',
    ],
    [
      ['--scores', 'titles.csv', '--images', 'photos'],
      1,
      'no column that is known to hold names',
      '"id", "worth"',
    ],
    [['--scores', 'mos.csv', '--images', 'photos', '--score-column', 'MOS'], 2, 'has no column MOS'],
    [
      ['--scores', 'stems.csv', '--images', 'both'],
      1,
      'line 2: a/p1 stands for both/a/p1.',
      'its folder and extension',
    ],
    [
      [...photos, '--metric', 'psnr'],
      2,
      '--metric must be one of revela, niqe, il-niqe, brisque, clip-iqa, sfd-iqa',
    ],
    [[...photos, '--metric', 'niqe,NIQE'], 2, '--metric names niqe twice'],
    [[...photos, '--metric', 'brisque'], 2, 'BRISQUE needs what it learnt', '--brisque-model'],
    [[...photos, '--metric', 'niqe', '--niqe-model', 'gone.npz'], 1, 'gone.npz'],
    [[...photos, '--niqe-model', 'gone.npz'], 2, '--niqe-model is for niqe', '--metric niqe'],
    [[...photos, '--better', 'best'], 2, 'Allowed choices are higher, lower'],
    [[...photos, '--confidence', 2], 2, 'Expected a number above 0, below 1'],
    [[...photos, '--report', 'photos'], 1, 'photos'],
    [
      ['--scores', 'endless.csv', '--images', 'photos'],
      1,
      'endless.csv, line 3: the score of p2.png is "1e999"',
    ],
    [[...photos, '--report', './mos.csv', '--overwrite'], 1, 'would replace the table of scores'],
    [[...photos, '--report', 'photos/p1.png', '--overwrite'], 2, 'photos/p1.png is named like a picture'],
  ])('%j', async (options, code, ...words) => {
    const before = namesIn(path());
    await expectRefusal(evaluate(...options), code, ...words);
    expect(namesIn(path())).toEqual(before);
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
