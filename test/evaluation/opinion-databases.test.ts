import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { findOpinionPictures } from '#src/evaluation/opinions/opinion-pictures.js';
import { readOpinions } from '#src/evaluation/opinions/opinion-table.js';
import { matOf, matTexts } from '../weights/mat-files.js';
import { refusal, temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();

async function written(name: string, text: string): Promise<string> {
  await writeFile(path(name), text);
  return path(name);
}

async function read(name: string, text: string | Uint8Array) {
  await writeFile(path(name), text);
  const { opinions, better, why } = await readOpinions(path(name));
  return { opinions: opinions.map(({ name: picture, opinion }) => [picture, opinion]), better, why };
}

describe('the tables of databases are read as they come', () => {
  test('KADID-10k, whose DMOS is high where pictures are good', async () => {
    expect(
      await read(
        'dmos.csv',
        'dist_img,ref_img,dmos,var\nI01_01_01.png,I01.png,4.57,0.49\nI01_01_02.png,I01.png,4.33,0.5\n',
      ),
    ).toMatchObject({
      better: 'higher',
      why: 'as KADID-10k has it',
      opinions: [
        ['I01_01_01.png', 4.57],
        ['I01_01_02.png', 4.33],
      ],
    });
  });

  test('TID2013: scores and names with spaces between, and no titles', async () => {
    expect(
      await read('mos_with_names.txt', '5.51429 I01_01_1.bmp\r\n5.56757 i01_01_2.bmp\r\n'),
    ).toMatchObject({
      better: 'higher',
      opinions: [
        ['I01_01_1.bmp', 5.51429],
        ['i01_01_2.bmp', 5.56757],
      ],
    });
  });

  test('CSIQ as a list without titles is known by its names', async () => {
    expect(
      await read('csiq_label.txt', '1600.AWGN.1.png\t0.062\nboston.jpeg2000.5.png\t0.9\n'),
    ).toMatchObject({
      better: 'lower',
      why: expect.stringContaining('CSIQ'),
    });
  });

  test('BMP files of databases, converted, are found by the names of the table', async () => {
    const { opinions } = await readOpinions(await written('tid.txt', '5.5 I01_01_1.bmp\n5.6 i01_01_2.bmp\n'));
    await mkdir(path('tid'));
    for (const name of ['I01_01_1.png', 'i01_01_2.png']) await writeFile(path('tid', name), '');
    const { pictures } = await findOpinionPictures(opinions, path('tid'), { source: 'tid.txt' });
    expect(pictures.map(({ file }) => file)).toEqual([
      path('tid', 'I01_01_1.png'),
      path('tid', 'i01_01_2.png'),
    ]);
    const [named] = (await readOpinions(await written('jpg.txt', '5.5 I01_01_1.jpg\n5.6 x.jpg\n'))).opinions;
    if (named === undefined) expect.fail('there is no opinion');
    expect(await refusal(() => findOpinionPictures([named], path('tid'), { source: 'jpg.txt' }))).toMatch(
      /I01_01_1.jpg is not in/,
    );
  });

  test('PIPAL: a folder with a table for each reference', async () => {
    await mkdir(path('Train_Label'));
    await writeFile(path('Train_Label', 'A0001.txt'), 'A0001_00_00.bmp,1354.8\nA0001_00_01.bmp,1439.2\n');
    await writeFile(path('Train_Label', 'A0002.txt'), 'A0002_00_00.bmp,1500.0\n');
    const { opinions, better } = await readOpinions(path('Train_Label'));
    expect(better).toBe('higher');
    expect(opinions.map(({ name }) => name)).toEqual([
      'A0001_00_00.bmp',
      'A0001_00_01.bmp',
      'A0002_00_00.bmp',
    ]);
  });

  test('CSIQ: names out of three columns, after other lines', async () => {
    const rows =
      'CSIQ,,,,,\nimage,dst_idx,dst_type,dst_lev,dmos_std,dmos\n1600,1,noise,1,0.0619,0.062\n1600,6,jpeg 2000,3,0.07,0.4\n';
    expect(await read('csiq.csv', rows)).toEqual({
      better: 'lower',
      why: 'as CSIQ has it',
      opinions: [
        ['1600.AWGN.1.png', 0.062],
        ['1600.jpeg2000.3.png', 0.4],
      ],
    });
  });

  test('KonIQ-10k', async () => {
    const rows =
      '"image_name","c1","c2","c3","c4","c5","c_total","MOS","SD","MOS_zscore"\n"10004473376.jpg",0,0,25,73,7,105,3.8,0.5,77.4\n"10007357496.jpg",0,3,45,47,1,96,3.4,0.5,68.7\n';
    expect(await read('koniq.csv', rows)).toMatchObject({
      better: 'higher',
      opinions: [
        ['10004473376.jpg', 3.8],
        ['10007357496.jpg', 3.4],
      ],
    });
  });

  test('LIVE: its distorted pictures, by their places', async () => {
    const data = Float64Array.from({ length: 982 }, (_, i) => i);
    const orgs = Float64Array.from({ length: 982 }, (_, i) => (i === 1 ? 1 : 0));
    const files = [
      matOf('dmos', { rows: 1, columns: 982, data }),
      matOf('orgs', { rows: 1, columns: 982, data: orgs }),
    ];
    // The header once, then the variables.
    const mat = Buffer.concat(files.map((file, i) => (i === 0 ? file : file.subarray(128))));
    const { opinions, better } = await read('dmos.mat', mat);
    expect(better).toBe('lower');
    expect(opinions).toHaveLength(981);
    expect(opinions.slice(0, 2)).toEqual([
      ['jp2k/img1.bmp', 0],
      ['jp2k/img3.bmp', 2],
    ]);
    expect(opinions.at(-1)).toEqual(['fastfading/img174.bmp', 981]);
  });

  test('LIVE in the Wild: names in a file of their own', async () => {
    await writeFile(path('AllImages_release.mat'), matTexts('AllImages_release', ['t1.bmp', '3.bmp']));
    const mos = matOf('AllMOS_release', { rows: 1, columns: 2, data: Float64Array.of(63.9, 75.2) });
    expect(await read('AllMOS_release.mat', mos)).toMatchObject({
      better: 'higher',
      opinions: [
        ['t1.bmp', 63.9],
        ['3.bmp', 75.2],
      ],
    });
  });
});

test('another column titled DMOS is low where pictures are good, and it is said why', async () => {
  expect(await read('other.csv', 'image,DMOS\na.png,1\nb.png,2\n')).toMatchObject({
    better: 'lower',
    why: expect.stringMatching(/titled DMOS/),
  });
});

test.each([
  ['numbers alone', '5.5\n5.6\n', /numbers and no names of pictures.*mos_with_names/],
  ['a workbook', 'PK\x03\x04', /workbook of Excel.*comma-separated/],
  [
    'several columns of numbers without titles',
    '1,a.png,3.2\n2,b.png,3.1\n',
    /no line of titles.*2 of numbers/,
  ],
])('%s is told as what it is', async (name, text, words) => {
  await writeFile(path(`${name}.txt`), text);
  expect(await refusal(() => readOpinions(path(`${name}.txt`)))).toMatch(words);
});
