import { mkdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal, namesIn, photograph } from './command.js';
import { evaluate, names, path, photos, table } from './judged-photos.js';

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
