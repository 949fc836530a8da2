import { mkdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { complaintsIn, csvRows, jsonLines, photograph } from './command.js';
import { path, scoresIn, scoring, brisque } from './scored-photos.js';

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
