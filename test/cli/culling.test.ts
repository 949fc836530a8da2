import { mkdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBursts } from '#src/api/index.js';
import { scene, takenAt } from '../scenes.js';
import {
  complaintsIn,
  csvRows,
  expectRefusal,
  expectSuccess,
  jsonLines,
  namesIn,
  onCpu,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();

const scoring = (...args: readonly string[]) => revela(['score', ...args, ...onCpu], { cwd: path() });

/** The revela scores of all of them. */
let scores: ReadonlyMap<string, number> = new Map();

/** Which of the named pictures of a folder, in the order of time, is best. */
function bestOf(folder: 'shots' | 'plain', names: string): string {
  const paths = [...names].map((name) => `${folder}/${name}.${folder === 'shots' ? 'jpg' : 'png'}`);
  const score = (picture: string): number => scores.get(picture) ?? Number.NaN;
  return paths.reduce((best, picture) => (score(picture) > score(best) ? picture : best));
}

/** The numbers of scene 1 by how blurred they are, and when they were taken; c comes first, though b is named first. */
const shots = [
  ['b', { seed: 1, blur: 1.2, time: '12:00:01', fraction: '4' }],
  ['c', { seed: 1, blur: 3, time: '12:00:01', fraction: '15' }],
  ['d', { seed: 1, blur: 0, time: '12:00:04', fraction: '' }],
  // Another scene within the same seconds, and the same scene an hour later.
  ['e', { seed: 2, blur: 0, time: '12:00:06', fraction: '' }],
  ['f', { seed: 2, blur: 2, time: '12:00:07', fraction: '' }],
  ['g', { seed: 1, blur: 0, time: '13:00:00', fraction: '' }],
] as const;

beforeAll(async () => {
  await mkdir(path('shots'));
  await mkdir(path('plain'));
  await writeFile(path('no.png'), 'No picture');
  for (const [name, { seed, blur, time, fraction }] of shots) {
    const picture = await scene(seed);
    const drawn = await (blur === 0 ? picture : picture.blur(blur)).png().toBuffer();
    const exif = takenAt(`2026:05:01 ${time}`, { fraction, offset: '+02:00' });
    await writeFile(path('plain', `${name}.png`), drawn);
    await writeFile(
      path('shots', `${name}.jpg`),
      await sharp(drawn).withExif(exif).jpeg({ quality: 95 }).toBuffer(),
    );
  }
  const { stdout } = await expectSuccess(scoring('shots', 'plain', '--csv'));
  scores = new Map(csvRows(stdout).map(([, picture = '', score]) => [picture, Number(score)]));
});

/** What `--best-of` lists of a folder. */
const bestLines = (folder: 'shots' | 'plain'): string =>
  ['cbd', 'ef', 'g'].map((names) => `${bestOf(folder, names)}\n`).join('');

describe('bursts', () => {
  it('are of pictures that were taken shortly after each other and look alike; the best of each is named', async () => {
    const { stdout, stderr } = await expectSuccess(scoring('shots', '--best-of'));
    expect(stdout).toBe(bestLines('shots'));
    expect(stderr).toMatch(
      /^The best of 3 pictures: shots\/[bcd]\.jpg \(Revela's scorer [\d.]+, higher is better\)$/m,
    );
    expect(stderr).toMatch(/^The best of 2 pictures: shots\/[ef]\.jpg /m);
    expect(stderr).toMatch(/\nScored 6 pictures in \d:\d\d: 3 bursts, of which 1 of one picture\n$/);
    expect(stderr).not.toContain('do not say when');
  });

  it('stand in tables and JSON with their times, the best first', async () => {
    const { stdout } = await expectSuccess(scoring('shots', '--best-of', '--csv', '--metric', 'niqe,revela'));
    const [titles, ...rows] = csvRows(stdout);
    expect(titles).toEqual(['burst', 'best', 'rank', 'picture', 'taken', 'niqe', 'revela']);
    expect(rows.map(([burst, best, rank]) => [burst, best, rank])).toEqual([
      ['1', 'yes', '1'],
      ['1', '', '2'],
      ['1', '', '3'],
      ['2', 'yes', '1'],
      ['2', '', '2'],
      ['3', 'yes', '1'],
    ]);
    // Low is good.
    const values = rows.slice(0, 3).map((row) => Number(row[5]));
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(rows.find(([, , , picture]) => picture === 'shots/c.jpg')?.[4]).toBe(
      '2026-05-01T12:00:01.150+02:00',
    );
    const json = jsonLines((await expectSuccess(scoring('shots', '--best-of', '--json'))).stdout);
    const bursts = json.filter(({ kind }) => kind === 'burst');
    expect(bursts).toMatchObject([
      { burst: 1, best: bestOf('shots', 'cbd') },
      {
        ...{ burst: 2, best: bestOf('shots', 'ef') },
        pictures: expect.arrayContaining([
          expect.objectContaining({
            ...{ picture: 'shots/f.jpg', taken: '2026-05-01T12:00:07.000+02:00' },
            scores: { revela: scores.get('shots/f.jpg') },
          }),
        ]),
      },
      { burst: 3, best: 'shots/g.jpg' },
    ]);
    expect(json.at(-1)).toMatchObject({ kind: 'done', pictures: 6, bursts: 3, failures: [] });
  });

  it('end where more time passes, or likeness ends, than is allowed', async () => {
    const names = async (options: Parameters<typeof findBursts>[1]) =>
      (
        await findBursts(
          shots.map(([name]) => path('shots', `${name}.jpg`)),
          options,
        )
      ).bursts.map((burst) => burst.map(({ picture }) => picture.at(-5)).join(''));
    expect(await names({})).toEqual(['cbd', 'ef', 'g']);
    expect(await names({ gap: 2 })).toEqual(['cb', 'd', 'ef', 'g']);
    expect(await names({ gap: 0.2 })).toEqual(['b', 'c', 'd', 'e', 'f', 'g']);
    expect(await names({ gap: 0.25 })).toEqual(['cb', 'd', 'e', 'f', 'g']);
    expect(await names({ likeness: 0 })).toEqual(['cbdef', 'g']);
    expect(await names({ gap: 1e5 })).toEqual(['cbd', 'ef', 'g']);
    await expect(names({ gap: -1 })).rejects.toThrow('`gap` must be a number of at least 0, got -1');
    await expect(names({ likeness: 2 })).rejects.toThrow('`likeness` must be a number from 0 to 1, got 2');
  });

  it('are by likeness to the one before where there are no times, which is said in one line', async () => {
    const { stdout, stderr } = await expectSuccess(scoring('plain', '--best-of'));
    expect(stdout).toBe(bestLines('plain'));
    expect(stderr).toMatch(/^6 pictures do not say when they were taken: [^\n]+ by likeness alone, [^\n]+$/m);
  });

  it('are of one camera and one kind of clock each', async () => {
    await mkdir(path('two'));
    const file = async (name: string, how: Parameters<typeof takenAt>[1]) =>
      writeFile(
        path('two', `${name}.jpg`),
        await (await scene(3)).withExif(takenAt('2026:05:01 12:00:00', how)).jpeg().toBuffer(),
      );
    await file('a1', { model: 'A' });
    await file('b1', { model: 'B' });
    await file('a2', { model: 'A', fraction: '5' });
    await file('b2', { model: 'B', offset: '+01:00' });
    const { bursts } = await findBursts(['a1', 'b1', 'a2', 'b2'].map((name) => path('two', `${name}.jpg`)));
    expect(bursts.map((burst) => burst.map(({ picture }) => picture.slice(-6, -4)))).toEqual([
      ['a1', 'a2'],
      ['b1'],
      ['b2'],
    ]);
  });

  it('are of what can be scored; what cannot is told, and the exit code is 1', async () => {
    const ending = await scoring('plain/d.png', 'no.png', '--best-of');
    expect([ending.code, ending.stdout]).toEqual([1, 'plain/d.png\n']);
    expect(complaintsIn(ending.stderr)).toHaveLength(1);
    expect((await scoring('no.png', '--best-of')).code).toBe(1);
  });
});

describe('sidecars', () => {
  const ratings = async () =>
    Object.fromEntries(
      await Promise.all(
        namesIn(path('shots'))
          .filter((name) => name.endsWith('.xmp'))
          .map(async (name) => [
            name,
            /xmp:Rating="(-?\d)"/.exec(await readFile(path('shots', name), 'utf8'))?.[1],
          ]),
      ),
    );

  it('give stars to the best of a burst and reject the others, and replace none unasked', async () => {
    const best = [bestOf('shots', 'cbd'), bestOf('shots', 'ef')].map((picture) => picture.at(-5));
    // One that is alone has nothing to be better than.
    const stars = Object.fromEntries(best.map((name) => [`${name}.xmp`, '5']));
    const { stdout, stderr } = await expectSuccess(scoring('shots', '--best-of', '--xmp=stars'));
    expect(stdout).toBe(bestLines('shots'));
    expect(stderr).toContain(`shots/${best[0]}.jpg → shots/${best[0]}.xmp\n`);
    expect(await ratings()).toEqual(stars);
    await expectRefusal(
      scoring('shots', '--best-of', '--xmp=rejections'),
      1,
      `shots/${best[0]}.xmp and 1 more exist already; --overwrite`,
    );
    expect(await ratings()).toEqual(stars);
    await expectSuccess(scoring('shots', '--best-of', '--overwrite', '--xmp'));
    const rejected = Object.fromEntries([...'bcdef'].map((name) => [`${name}.xmp`, '-1']));
    expect(await ratings()).toEqual({ ...rejected, ...stars });
  });
});

describe('the gate', () => {
  it('ends with 3 where a picture is worse, whichever way the measure counts', async () => {
    const { stdout } = await expectSuccess(
      scoring('plain/b.png', 'plain/d.png', '--metric', 'revela,niqe', '--csv'),
    );
    const rows = csvRows(stdout).slice(1);
    for (const [i, metric] of ['revela', 'niqe'].entries()) {
      const [b = 0, d = 0] = rows.map((row) => Number(row[2 + i]));
      const limit = String((b + d) / 2);
      const worse = b < d === (metric === 'revela') ? 'plain/b.png' : 'plain/d.png';
      const better = worse === 'plain/b.png' ? 'plain/d.png' : 'plain/b.png';
      const asked = ['--metric', metric, '--fail-below', limit] as const;
      const ending = await scoring('plain/b.png', 'plain/d.png', '--json', ...asked);
      expect(ending.code).toBe(3);
      expect(jsonLines(ending.stdout).at(-1)).toMatchObject({
        ...{ failBelow: Number(limit), worse: [worse], failures: [] },
      });
      await expectSuccess(scoring(better, ...asked));
      if (metric === 'niqe') continue;
      const read = await scoring(worse, ...asked);
      expect(read.code).toBe(3);
      expect(complaintsIn(read.stderr)).toEqual([
        `revela: ${worse} is worse than ${limit}: Revela's scorer ${Math.min(b, d).toFixed(2)}, higher is better`,
      ]);
      // Of bursts, the best counts.
      await expectSuccess(scoring('plain/b.png', 'plain/d.png', '--best-of', ...asked));
      // What cannot be scored is another failure.
      expect((await scoring(worse, 'no.png', ...asked)).code).toBe(1);
    }
  });
});
