import { mkdir, symlink } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPictures, outputPath, planOutputs } from '#src/images/index.js';
import { expectRefusal, temporaryFolder } from './drawing.js';

const { path, write } = temporaryFolder();
const names = [
  'img10.jpg',
  'img2.JPG',
  'img1.png',
  'img2.denoised.jpg',
  'notes.txt',
  '.hidden.png',
  'a [1].tif',
];

beforeAll(async () => {
  for (const folder of ['all', 'all/inner', 'all/.cache', 'texts', 'other', 'results'])
    await mkdir(path(folder));
  for (const name of names) await write(join('all', name), 'x');
  for (const name of ['all/inner/deep.avif', 'all/.cache/no.png', 'texts/a.txt', 'other/img1.png'])
    await write(name, 'x');
});

async function found(inputs: readonly string[], options = {}): Promise<string[]> {
  return (
    await findPictures(
      inputs.map((input) => path(input)),
      options,
    )
  ).map((file) => relative(path(), file));
}

describe('findPictures', () => {
  it('lists the pictures of a folder in natural order', async () => {
    expect((await found(['all'])).map((file) => basename(file))).toEqual([
      'a [1].tif',
      'img1.png',
      'img2.denoised.jpg',
      'img2.JPG',
      'img10.jpg',
    ]);
  });

  it('searches folders inside only when asked to, and never hidden ones', async () => {
    expect(await found(['all'])).not.toContain('all/inner/deep.avif');
    const all = await found(['all'], { recursive: true });
    expect(all).toContain('all/inner/deep.avif');
    expect(all).not.toContain('all/.cache/no.png');
  });

  it('leaves out results of earlier runs, save when they are named', async () => {
    const options = { exceptSuffix: '.denoised' };
    expect(await found(['all'], options)).not.toContain('all/img2.denoised.jpg');
    expect(await found(['all/img2*.jpg', 'all/img2.JPG'], options).catch(() => [])).toEqual([]);
    expect(await found(['all/img2.denoised.jpg'], options)).toEqual(['all/img2.denoised.jpg']);
  });

  it('understands patterns', async () => {
    expect(await found(['all/img*'])).toHaveLength(4);
    expect(await found(['all/img?.{png,JPG}'])).toEqual(['all/img1.png', 'all/img2.JPG']);
    expect(await found(['all/*.{png,jpg}'])).toEqual([
      'all/img1.png',
      'all/img2.denoised.jpg',
      'all/img10.jpg',
    ]);
    expect(await found(['**/deep.*'])).toEqual(['all/inner/deep.avif']);
  });

  it('takes a name with the characters of a pattern as it is', async () => {
    expect(await found(['all/a [1].tif'])).toEqual(['all/a [1].tif']);
  });

  it('meets each file once, whichever way it is named', async () => {
    await symlink(path('all/img1.png'), path('other/link.png'));
    expect(await found(['all/img1.png', 'all/../all/img1.png', 'all/*1.png', 'other/link.png'])).toEqual([
      'all/img1.png',
    ]);
  });

  it('takes a file of any name', async () => {
    expect(await found(['all/notes.txt'])).toEqual(['all/notes.txt']);
  });

  it('refuses what is not there', async () => {
    await expectRefusal(findPictures([path('none.jpg')]), 'none.jpg', 'does not exist');
    await expectRefusal(findPictures([path('*.gif')]), 'no picture matches', '*.gif');
    await expectRefusal(findPictures([path('texts')]), 'texts', 'holds no pictures', 'JPEG');
    await expectRefusal(findPictures([path('texts/a.txt/b.png')]), 'does not exist');
  });
});

describe('planOutputs', () => {
  const naming = { suffix: '.denoised' };
  const outputs = async (inputs: readonly string[], output?: string, options = naming) =>
    (await planOutputs(inputs, output, options)).map((pair) => pair.output);

  it('names results beside their inputs', async () => {
    expect(await outputs(['a/photo.jpg', 'b/x.y.PNG'])).toEqual([
      'a/photo.denoised.jpg',
      'b/x.y.denoised.PNG',
    ]);
    expect(outputPath('p.jpeg', undefined, { suffix: '.denoised', format: 'jpeg' })).toBe('p.denoised.jpeg');
    expect(outputPath('p.jpeg', undefined, { suffix: '.denoised', format: 'tiff' })).toBe('p.denoised.tif');
    expect(outputPath('scan.001', undefined, naming)).toBe('scan.001.denoised.png');
  });

  it('takes the output of one input as a file, unless it is a folder', async () => {
    expect(await outputs(['a/photo.jpg'], 'out.png')).toEqual(['out.png']);
    expect(await outputs(['a/photo.jpg'], 'out/')).toEqual(['out/photo.jpg']);
    expect(await outputs(['a/photo.jpg'], path('results'))).toEqual([path('results/photo.jpg')]);
  });

  it('takes the output of several inputs as a folder and keeps the names', async () => {
    expect(await outputs(['a/p.jpg', 'b/q.png'], 'out')).toEqual(['out/p.jpg', 'out/q.png']);
    const png = await planOutputs(['a/p.jpg', 'b/q.png'], 'out', { suffix: '.x', format: 'png' });
    expect(png.map((pair) => pair.output)).toEqual(['out/p.png', 'out/q.png']);
    await expectRefusal(
      planOutputs(['a.jpg', 'b.jpg'], path('texts/a.txt'), naming),
      'is a file',
      '2 inputs',
    );
  });

  it('refuses two results of one name and results in place of inputs', async () => {
    await expectRefusal(
      planOutputs(['a/p.jpg', 'b/p.jpg'], 'out', naming),
      'a/p.jpg and b/p.jpg',
      'out/p.jpg',
    );
    await expectRefusal(planOutputs(['a/p.jpg', 'a/q.jpg'], 'a', naming), 'would replace the input a/p.jpg');
    await expectRefusal(planOutputs(['p.jpg'], './p.jpg', naming), 'would replace the input');
  });
});
