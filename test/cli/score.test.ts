import { closeSync, existsSync, openSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { describePicture, readPicture } from '#src/images/index.js';
import { score } from '#src/api/index.js';
import { writeWordyClip } from '../models/small-clips.js';
import { csvRows, expectRefusal, expectSuccess, jsonLines, namesIn, onCpu, revela } from './command.js';
import { path, scoresIn, scoring } from './scored-photos.js';

describe('scores', () => {
  it('are those of the library, whatever kind of file holds the pixels', async () => {
    await sharp(path('burst', 'soft.png')).tiff({ compression: 'lzw' }).toFile(path('soft.tif'));
    const { stdout, stderr } = await expectSuccess(scoring('burst/soft.png', 'soft.tif', '--json'));
    const { value } = await score(path('burst', 'soft.png'), { device: 'cpu', threads: 1 });
    expect(scoresIn(stdout)).toEqual({ 'burst/soft.png': { revela: value }, 'soft.tif': { revela: value } });
    expect(stderr).toBe('');
    expect(jsonLines(stdout).at(-1)).toEqual({
      kind: 'done',
      measures: [{ name: 'revela', title: "Revela's scorer", better: 'higher', range: [0, 100] }],
      ...{ pictures: 2, failures: [], seconds: expect.any(Number) },
    });
  });

  it('stand in a table with their ranks, by name or the best first', async () => {
    const byName = await expectSuccess(scoring('burst', '--metric', 'revela,NIQE'));
    const lines = byName.stdout.split('\n');
    expect(lines[0]).toMatch(/^rank {2}picture +Revela's scorer ↑ {2}NIQE \(Revela's model\) ↓$/);
    const rows = lines.slice(2, 5).map((line) => line.trim().split(/\s+/));
    expect(rows.map(([, picture]) => picture)).toEqual(
      ['sharp', 'soft', 'softer'].map((name) => `burst/${name}.png`),
    );
    expect(rows.map(([rank]) => Number(rank)).sort()).toEqual([1, 2, 3]);
    expect(byName.stdout).toContain("Revela's scorer: 0 to 100, higher is better;");
    expect(byName.stdout).toContain('not the published scores');
    expect(byName.stderr).toMatch(/\nScored 3 pictures in \d:\d\d\n$/);

    const sorted = await expectSuccess(
      scoring('burst', '--sort', '--metric', 'revela', '--metric', 'niqe', '--csv'),
    );
    const [titles, ...cells] = csvRows(sorted.stdout);
    expect(titles).toEqual(['rank', 'picture', 'revela', 'niqe']);
    expect(cells.map(([rank]) => rank)).toEqual(['1', '2', '3']);
    const values = cells.map(([, , value]) => Number(value));
    expect(values).toEqual([...values].sort((a, b) => b - a));
    // The same numbers, the same ranks.
    for (const [rank, picture = '', value] of cells) {
      const row = rows.find(([, name]) => name === picture);
      expect(row?.[0]).toBe(rank);
      expect(row?.[2]).toBe(Number(value).toFixed(2));
    }
  });

  it('stand below each other whatever letters the names have', async () => {
    await mkdir(path('letters'));
    for (const name of ['plain.png', '写真.png', '😀.png'])
      await copyFile(path('burst', 'soft.png'), path('letters', name));
    const { stdout } = await expectSuccess(scoring('letters'));
    const rows = stdout.split('\n').slice(2, 5);
    // Two columns for each of the wide letters; the emoji has two, and two units of UTF-16.
    const columns = rows.map((row) => row.length + (row.match(/[写真]/g) ?? []).length);
    expect(new Set(columns).size).toBe(1);
    expect(rows.join()).toMatch(/写真.*😀|😀.*写真/);
  });

  // A device that is always full; not every system has one.
  it.runIf(existsSync('/dev/full'))('that cannot be written are told in one line', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      const ending = await revela(['score', 'burst', '--csv', ...onCpu], { cwd: path(), stdout: full });
      expect(ending.stderr).toMatch(/^revela: cannot write what is shown: the disk is full; [^\n]+\n/m);
      expect(ending.stderr).not.toContain('    at ');
      expect(ending.code).toBe(1);
    } finally {
      closeSync(full);
    }
  });

  it('rank by measures for which low is good, too', async () => {
    const { stdout } = await expectSuccess(scoring('burst', '--metric', 'niqe,revela', '--sort', '--json'));
    const lines = jsonLines(stdout).filter(({ kind }) => kind === 'picture');
    expect(lines.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    const values = Object.values(scoresIn(stdout)).map((scores) => Number(Object(scores).niqe));
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });
});

describe('a stop', () => {
  it('keeps the table of what was scored', async () => {
    await mkdir(path('slow'));
    for (let i = 0; i < 60; i++) await copyFile(path('burst', 'soft.png'), path('slow', `${i}.png`));
    const ending = await revela(['score', 'slow', '--map', 'maps', ...onCpu], {
      cwd: path(),
      wrapper: [
        'sh',
        '-c',
        '"$0" "$@" & child=$!; while [ "$(ls maps 2>/dev/null | wc -l)" -lt 3 ]; do sleep 0.05; done; kill -TERM $child; wait $child',
      ],
    });
    expect(ending.code).toBe(143);
    expect(ending.stderr).toMatch(
      /revela: stopped after \d+ of 60 pictures; with --record FILE the same command would go on from there\n$/,
    );
    const rows = ending.stdout.split('\n').filter((line) => line.includes('slow/'));
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(rows.length).toBeLessThan(60);
  });
});

describe('maps', () => {
  it('show the places of one picture, or of each in a folder', async () => {
    const { stdout, stderr } = await expectSuccess(scoring('burst/sharp.png', '--map', 'where.png'));
    expect(stdout).toMatch(/^rank/);
    expect(stderr).toContain('burst/sharp.png → where.png\n');
    expect(await describePicture(path('where.png'))).toMatchObject({ width: 256, height: 208, channels: 3 });
    const seen = await readPicture(path('where.png'));
    expect(new Set(seen.data).size).toBeGreaterThan(50);
    await expectSuccess(scoring('burst', '--map', 'places', '--metric', 'revela,niqe'));
    expect(namesIn(path('places'))).toEqual(['sharp.png', 'soft.png', 'softer.png']);
  });

  it('are not of measures without places, and replace nothing unasked', async () => {
    await expectRefusal(scoring('burst', '--metric', 'niqe', '--map', 'no'), 2, 'NIQE has no map of places');
    await writeFile(path('there.png'), 'old');
    await expectRefusal(scoring('burst/soft.png', '--map', 'there.png'), 1, 'there.png exists already');
    await expectSuccess(scoring('burst/soft.png', '--map', 'there.png', '--overwrite'));
    expect(await describePicture(path('there.png'))).toMatchObject({ width: 256 });
  });
});

describe('measures', () => {
  it('are listed with their ranges, needs and sources', async () => {
    const { stdout } = await expectSuccess(revela(['score', '--list']));
    for (const name of ['revela', 'niqe', 'il-niqe', 'brisque', 'clip-iqa', 'sfd-iqa'])
      expect(stdout).toMatch(new RegExp(`^${name}$`, 'm'));
    expect(stdout).toContain('0 to 100; higher is better');
    const json = jsonLines((await expectSuccess(revela(['score', '--list', '--json']))).stdout);
    expect(json).toMatchObject([{ kind: 'measures', measures: expect.any(Array) }]);
  });

  it.each([
    ['clip-iqa', 1, 'get it with revela models pull RN50'],
    ['ilniqe', 1, 'get it with revela models pull il-niqe'],
    ['sfd-iqa', 2, 'revela train upscaler --stage sfd'],
    ['brisque', 2, '--brisque-model and --brisque-range'],
  ] as const)('that lack files say which command gets them: %s', async (metric, code, words) => {
    await expectRefusal(scoring('burst', '--metric', metric), code, words);
  });

  it('look through a CLIP at texts of any kind', async () => {
    await writeWordyClip(path('clip.safetensors'));
    const asked = (...texts: readonly string[]) =>
      expectSuccess(
        scoring('burst/soft.png', '--metric', 'clipiqa', '--clip', 'clip.safetensors', '--json', ...texts),
      );
    const usual = scoresIn((await asked()).stdout)['burst/soft.png'];
    const one = scoresIn((await asked('--good', 'Good photo.', '--bad', 'Bad photo.')).stdout)[
      'burst/soft.png'
    ];
    const other = scoresIn((await asked('--good', 'Sharp.', '--bad', 'Blurry.')).stdout)['burst/soft.png'];
    expect(one).toEqual(usual);
    expect(other).not.toEqual(usual);
    expect(Object(other)['clip-iqa']).toBeGreaterThan(0);
  });
});

describe('refusals', () => {
  it.each([
    [[], 2, 'scoring needs pictures'],
    [['burst', '--metric', 'beauty'], 2, '--metric must be one of revela, niqe'],
    [['burst', '--metric', 'niqe,NIQE'], 2, '--metric names niqe twice'],
    [['burst', '--csv', '--json'], 2, '--json and --csv'],
    [['burst', '--best-of', '--sort'], 2, '--best-of'],
    [['burst', '--overwrite'], 2, '--overwrite is for maps and sidecars'],
    [['burst', '--gap', '3'], 2, '--gap is for bursts: leave it out, or add --best-of'],
    [['burst', '--xmp'], 2, '--xmp is for bursts'],
    [['--best-of', '--xmp', 'burst'], 2, 'scoring needs pictures'],
    [['burst', '--best-of', '--xmp', 'burst'], 2, '--xmp takes stars, rejections or both, got burst'],
    [['burst', '--best-of', '--likeness', '2'], 2, 'Expected a number from 0 to 1'],
    [['burst', '--fail-below', 'good'], 2, 'Expected a number'],
    [['burst', '--niqe-model', 'mine'], 2, '--niqe-model is for niqe: leave it out, or add --metric niqe'],
    [['burst', '--metric', 'clip-iqa', '--good', 'Good'], 2, 'every --good needs a --bad'],
    [
      ['burst', '--metric', 'clip-iqa', '--long-side', 'wide'],
      2,
      'Expected a whole number from 32 to 65536, or full',
    ],
    [['burst', '--metric', 'niqe', '--niqe-model', 'allrange'], 1, 'allrange holds no arrays'],
    [['burst', '--scorer', 'allrange'], 1, 'allrange holds no weights'],
    [['gone'], 1, 'gone does not exist'],
  ] as const)('%j', async (args, code, ...words) => {
    const ending = await scoring(...args);
    if (!args.some((arg) => arg === '--json')) expect(ending.stdout).toBe('');
    expect(ending.code).toBe(code);
    for (const word of words) expect(ending.stderr).toContain(word);
  });
});
