import { closeSync, existsSync, openSync } from 'node:fs';
import { copyFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { describePicture, readPicture } from '#src/images/index.js';
import { score } from '#src/api/index.js';
import { writeWordyClip } from '../models/small-clips.js';
import {
  complaintsIn,
  csvRows,
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

/** Scores on one thread; paths begin in the folder of these tests. */
const scoring = (...args: readonly string[]) =>
  revela(['score', ...args, ...onCpu], {
    cwd: path(),
    environment: { REVELA_MODELS: path('models') },
  });

/** The scores that lines of JSON tell, by the file's name. */
function scoresIn(stdout: string): Readonly<Record<string, unknown>> {
  const pictures = jsonLines(stdout).filter(({ kind }) => kind === 'picture');
  return Object.fromEntries(pictures.map(({ picture, scores }) => [String(picture), scores]));
}

beforeAll(async () => {
  await mkdir(path('burst'));
  const drawn = await photograph(256, 208).png().toBuffer();
  await writeFile(path('burst', 'sharp.png'), drawn);
  for (const [name, sigma] of [
    ['soft', 1.2],
    ['softer', 3],
  ] as const)
    await sharp(drawn)
      .blur(sigma)
      .png()
      .toFile(path('burst', `${name}.png`));
});

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

describe('a folder with pictures that cannot be scored', () => {
  beforeAll(async () => {
    await mkdir(path('mixed'));
    const good = await readFile(path('burst', 'sharp.png'));
    await writeFile(path('mixed', 'a.png'), good);
    await writeFile(path('mixed', 'cut.png'), good.subarray(0, good.length >> 1));
    await writeFile(path('mixed', 'empty.jpg'), '');
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#678' } })
      .png()
      .toFile(path('mixed', 'flat.png'));
    const huge = { width: 20_000, height: 16_000, channels: 3, background: '#fff' } as const;
    await sharp({ create: huge, limitInputPixels: false }).png().toFile(path('mixed', 'huge.png'));
    await writeFile(path('mixed', 'notes.txt'), 'No picture, and not called one.');
    await writeFile(path('mixed', 'text.jpg'), 'No picture, but called one.');
    await photograph(40, 30).png().toFile(path('mixed', 'tiny.png'));
    await writeFile(path('mixed', 'z.png'), good);
  }, 60_000);

  const reasons: readonly (readonly [string, RegExp])[] = [
    ['cut.png', /damaged or cut short/],
    ['empty.jpg', /empty \(0 bytes\)/],
    ['flat.png', /the picture is flat/],
    ['huge.png', /320 megapixels, more than the limit of 300|20000×16000/],
    ['text.jpg', /not a picture|no picture|unknown/i],
    ['tiny.png', /40×30 pixels is too small/],
  ];

  it('is scored around them; they are listed at the end, and the exit code is 1', async () => {
    const ending = await scoring('mixed', '--csv');
    expect(ending.code).toBe(1);
    const rows = csvRows(ending.stdout).slice(1);
    expect(rows.map(([rank, picture]) => [rank, picture])).toEqual([
      ['1', 'mixed/a.png'],
      ['1', 'mixed/z.png'],
    ]);
    expect(rows[0]?.[2]).toBe(rows[1]?.[2]);
    const told = complaintsIn(ending.stderr);
    expect(told).toHaveLength(reasons.length);
    for (const [i, [name, reason]] of reasons.entries()) {
      expect(told[i]).toContain(`mixed/${name}`);
      expect(told[i]).toMatch(reason);
    }
    expect(ending.stderr).toMatch(/\nScored 2 of 8 pictures in \d:\d\d\n$/);
  });

  it('tells other programs which measure could not judge what', async () => {
    const ending = await scoring(
      'mixed/a.png',
      'mixed/tiny.png',
      '--metric',
      'revela,brisque',
      '--json',
      ...brisque(),
    );
    expect(ending.code).toBe(1);
    expect(scoresIn(ending.stdout)).toEqual({
      'mixed/a.png': { revela: expect.any(Number), brisque: expect.any(Number) },
      'mixed/tiny.png': { brisque: expect.any(Number) },
    });
    expect(jsonLines(ending.stdout).at(-1)).toMatchObject({
      kind: 'done',
      failures: [
        {
          picture: 'mixed/tiny.png',
          metric: 'revela',
          message: expect.stringMatching(/^mixed\/tiny\.png: .*too small/),
        },
      ],
    });
  });

  it('is an error where nothing is left', async () => {
    const alone = await scoring('mixed/text.jpg');
    expect([alone.code, alone.stdout]).toEqual([1, '']);
    expect(alone.stderr).toMatch(/\nrevela: mixed\/text\.jpg is not a picture that can be read[^\n]*\n$/);
    const ending = await scoring('mixed/flat.png', 'mixed/tiny.png');
    expect([ending.code, ending.stdout]).toEqual([1, '']);
    expect(ending.stderr).toMatch(
      /\nrevela: none of the 2 pictures could be scored; the first: mixed\/flat\.png: [^\n]+\n$/,
    );
  });
});

/** A regression of BRISQUE's form whose score is the sum of nothing but its constant, in the release's two files. */
function brisque(): readonly string[] {
  return ['--brisque-model', path('allmodel'), '--brisque-range', path('allrange')];
}

beforeAll(async () => {
  const vector = Array.from({ length: 36 }, (_, i) => `${i + 1}:0.1`).join(' ');
  await writeFile(
    path('allmodel'),
    `svm_type epsilon_svr\nkernel_type rbf\ngamma 0.05\nnr_class 2\ntotal_sv 1\nrho -30\nSV\n10 ${vector}\n`,
  );
  const ranges = Array.from({ length: 36 }, (_, i) => `${i + 1} -2 5`);
  await writeFile(path('allrange'), ['x', '-1 1', ...ranges, ''].join('\n'));
});

describe('a record', () => {
  const known = (stdout: string): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      jsonLines(stdout)
        .filter(({ kind }) => kind === 'picture')
        .map(({ picture, known: from }) => [String(picture), from]),
    );

  it('gives the scores of pictures that have not changed, by the same measure', async () => {
    await mkdir(path('kept'));
    for (const name of ['a', 'b', 'c'])
      await copyFile(path('burst', 'soft.png'), path('kept', `${name}.png`));
    const run = (...more: readonly string[]) =>
      expectSuccess(scoring('kept', '--record', 'scores.jsonl', '--json', '--metric', 'niqe', ...more));
    const first = await run();
    expect(known(first.stdout)).toEqual({ 'kept/a.png': false, 'kept/b.png': false, 'kept/c.png': false });
    const again = await run();
    expect(known(again.stdout)).toEqual({ 'kept/a.png': true, 'kept/b.png': true, 'kept/c.png': true });
    expect(scoresIn(again.stdout)).toEqual(scoresIn(first.stdout));

    // Other bytes of the same size and, of another, the same bytes with another time: both are looked at again.
    await copyFile(path('burst', 'sharp.png'), path('kept', 'a.png'));
    await utimes(path('kept', 'b.png'), new Date(), new Date(2020, 1, 1));
    // A process that is killed may leave half a line.
    const text = await readFile(path('scores.jsonl'), 'utf8');
    await writeFile(path('scores.jsonl'), `${text}{"picture":"kept/c.png","si`);
    const changed = await run();
    expect(known(changed.stdout)).toEqual({ 'kept/a.png': false, 'kept/b.png': false, 'kept/c.png': true });
    const { 'kept/a.png': sharpened, 'kept/b.png': same } = scoresIn(changed.stdout);
    expect(sharpened).toEqual(
      scoresIn((await expectSuccess(scoring('burst', '--json', '--metric', 'niqe'))).stdout)[
        'burst/sharp.png'
      ],
    );
    expect(same).toEqual(scoresIn(first.stdout)['kept/b.png']);

    const lines = (await readFile(path('scores.jsonl'), 'utf8')).trimEnd().split('\n');
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    const more = await run('--metric', 'brisque', ...brisque());
    expect(known(more.stdout)).toEqual({ 'kept/a.png': false, 'kept/b.png': false, 'kept/c.png': false });
    expect(known((await run('--metric', 'brisque', ...brisque())).stdout)['kept/a.png']).toBe(true);
  });

  it('goes on where a run was stopped', async () => {
    await mkdir(path('many'));
    for (let i = 0; i < 60; i++) await copyFile(path('burst', 'soft.png'), path('many', `${i}.png`));
    const args = ['score', 'many', '--record', 'many.jsonl', '--json', ...onCpu] as const;
    const ending = await revela(args, {
      cwd: path(),
      interrupt: { at: '"picture":"many/3.png","scores"', signal: 'SIGINT' },
    });
    expect(ending.code).toBe(130);
    expect(ending.stderr).toMatch(
      /^revela: stopped after (\d+) of 60 pictures; the same command goes on from there\n$/,
    );
    const before = Object.keys(scoresIn(ending.stdout));
    expect(before.length).toBeGreaterThanOrEqual(4);
    expect(before.length).toBeLessThan(60);
    const rest = await expectSuccess(revela(args, { cwd: path() }));
    const from = known(rest.stdout);
    expect(Object.keys(from)).toHaveLength(60);
    expect(Object.keys(from).filter((name) => from[name] === true)).toEqual(before);
    expect(new Set(Object.values(scoresIn(rest.stdout)).map((scores) => JSON.stringify(scores))).size).toBe(
      1,
    );
  });

  it('is no other file', async () => {
    await writeFile(path('diary.txt'), 'Dear diary');
    await expectRefusal(scoring('burst', '--record', 'diary.txt'), 1, 'diary.txt is no record of scores');
    expect(await readFile(path('diary.txt'), 'utf8')).toBe('Dear diary');
    await expectRefusal(scoring('burst', '--record', 'nowhere/scores.jsonl'), 1, 'nowhere/scores.jsonl');
    await expectRefusal(scoring('burst', '--record', 'burst'), 1, 'record burst');
  });

  it('that holds a number beyond all numbers is not believed', async () => {
    const run = () => scoring('burst', '--record', 'odd.jsonl', '--json');
    const { stdout } = await expectSuccess(run());
    const lines = (await readFile(path('odd.jsonl'), 'utf8')).split('\n');
    const odd = lines.map((line) => line.replace(/"score":[^}]+/, '"score":1e999'));
    await writeFile(path('odd.jsonl'), odd.join('\n'));
    expect(scoresIn((await expectSuccess(run())).stdout)).toEqual(scoresIn(stdout));
  });

  it('is not begun where a measure cannot be opened', async () => {
    const wrong = ['--metric', 'niqe', '--niqe-model', 'gone.npz', '--record', 'new.jsonl'];
    await expectRefusal(scoring('burst', ...wrong), 1, 'cannot read gone.npz');
    expect(namesIn(path())).not.toContain('new.jsonl');
    const kept = await readFile(path('odd.jsonl'), 'utf8');
    await expectRefusal(scoring('burst', ...wrong.slice(0, -1), 'odd.jsonl'), 1, 'cannot read gone.npz');
    expect(await readFile(path('odd.jsonl'), 'utf8')).toBe(kept);
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
