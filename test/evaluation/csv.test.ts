import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parseCsv } from '#src/evaluation/opinions/csv.js';
import { readOpinions } from '#src/evaluation/opinions/opinion-table.js';
import { refusal, temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();
const cellsOf = (text: string) => parseCsv(text, 't.csv').map(({ cells }) => cells);

describe('comma-separated values', () => {
  test.each<[text: string, rows: readonly (readonly string[])[]]>([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      '\uFEFFa,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r1,2\r\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a;b,c\n1;2\n', [['a;b', 'c'], ['1;2']]],
    [
      'a;b\n"x;y";2,5\n',
      [
        ['a', 'b'],
        ['x;y', '2,5'],
      ],
    ],
    [
      'a\tb\n1\t2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      '"a, ""b""",c\n"two\nlines",\n',
      [
        ['a, "b"', 'c'],
        ['two\nlines', ''],
      ],
    ],
    [' a , "b" \n', [['a', 'b']]],
    [',\n', [['', '']]],
    ['a\n\n\nb\n', [['a'], ['b']]],
    ['', []],
  ])('%j', (text, rows) => {
    expect(cellsOf(text)).toEqual(rows);
  });

  test('say where each line begins, line breaks in quotes counted', () => {
    const rows = parseCsv('a\n\n"x\r\ny"\nb\n', 't.csv');
    expect(rows.map(({ line }) => line)).toEqual([1, 3, 5]);
  });

  test('with broken quotes are refused with their line', async () => {
    expect(await refusal(async () => parseCsv('a,b\n"x,1\ny,2\n', 't.csv'))).toContain(
      't.csv, line 2: a quote is not closed',
    );
    expect(await refusal(async () => parseCsv('a\n"x"y\n', 't.csv'))).toContain(
      't.csv, line 2: text stands after a closing quote',
    );
  });

  test('with a quoted cell of twenty megabytes are read, and what is wrong about it is told in a line', async () => {
    const long = `${'a'.repeat(1e7)}${'""'.repeat(1e5)}`;
    const [, row] = cellsOf(`file,mos\n"${long}",1\n`);
    expect(row?.[0]?.length).toBe(1.01e7);
    expect(await refusal(async () => parseCsv(`file,mos\n"${long}`, 't.csv'))).toContain(
      'a quote is not closed',
    );
    const line = await refusal(() => opinionsOf(`file,mos\n"${long}",one\n`));
    expect(line).toMatch(/line 2: the score of a{100}… is "one", which is no number/);
    expect((await refusal(() => opinionsOf(`"${long}",x\nb,2\n`))).length).toBeLessThan(500);
  });

  test('of millions of cells are refused', async () => {
    expect(await refusal(async () => parseCsv(','.repeat(3e6), 't.csv'))).toContain(
      'which a table of pictures never needs',
    );
  });

  test('of a megabyte take no time', () => {
    const text = `file,mos\n${Array.from({ length: 60_000 }, (_, i) => `"images/${i}.jpg",0.${i}\n`).join('')}`;
    expect(parseCsv(text, 't.csv')).toHaveLength(60_001);
  });
});

async function opinionsOf(text: string | Uint8Array, columns = {}) {
  await writeFile(path('t.csv'), text);
  return readOpinions(path('t.csv'), columns);
}

describe('opinions', () => {
  test('are read from columns with the titles that databases give them', async () => {
    const { opinions, better } = await opinionsOf('Image Name,SD,MOS\n"a, b.jpg",0.1,3.5\nc.jpg,0.2,-1e1\n');
    expect(better).toBe('higher');
    expect(opinions).toEqual([
      { name: 'a, b.jpg', opinion: 3.5, line: 2 },
      { name: 'c.jpg', opinion: -10, line: 3 },
    ]);
  });

  test('are good where they are low, in a column named DMOS', async () => {
    expect((await opinionsOf('img,dmos\na,1\nb,2\n')).better).toBe('lower');
  });

  test('are read from columns that are named', async () => {
    const { opinions } = await opinionsOf('id,who,worth\n1,a,5\n2,b,6\n', {
      nameColumn: 'who',
      scoreColumn: 'worth',
    });
    expect(opinions.map(({ name, opinion }) => [name, opinion])).toEqual([
      ['a', 5],
      ['b', 6],
    ]);
  });

  test.each<[text: string | Uint8Array, columns: object, ...words: string[]]>([
    ['', {}, 'is empty'],
    ['file,mos\n', {}, 'holds titles and no picture'],
    ['one,0.5\ntwo,0.6\n', {}, 'no column that is known to hold names', '"one", "0.5"', 'nameColumn'],
    ['file,worth\na,1\n', {}, 'no column that is known to hold scores', 'scoreColumn'],
    ['file,mos\na,1\n', { scoreColumn: 'MOS' }, 'has no column MOS (`scoreColumn`)', '"file", "mos"'],
    ['file,mos\na,1\n', { scoreColumn: 'file' }, 'are both file'],
    ['file,mos\na,1\nb,good\n', {}, 'line 3: the score of b is "good", which is no number'],
    ['file,mos\na,1\nb\n', {}, 'line 3: the score of b is ""'],
    ['file,mos\na,1\nb,NaN\n', {}, 'line 3: the score of b is "NaN"'],
    ['file;mos\na;1,5\nb;2,5\n', {}, 'line 2: the score of a is "1,5"'],
    ['file,mos\n,1\n', {}, 'line 2: there is no name of a picture'],
    ['file,mos\na,1\nb,2\na,3\n', {}, 'line 4: a stands there already, in line 2'],
    ['file,mos\na,0.5\nb,0.50\n', {}, 'all scores of the column mos are 0.5'],
    [Uint8Array.of(0x66, 0xff, 0xfe), {}, 'no text in UTF-8'],
  ])('that cannot be used are refused: %j %j', async (text, columns, ...words) => {
    const message = await refusal(() => opinionsOf(text, columns));
    for (const word of words) expect(message).toContain(word);
  });

  test('in a file that is missing', async () => {
    expect(await refusal(() => readOpinions(path('gone.csv')))).toContain('gone.csv: it does not exist');
  });
});
