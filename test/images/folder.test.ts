import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type FindOptions,
  findPictures,
  outputPath,
  planOutputs,
  searchPictures,
} from '#src/images/index.js';
import { draw, expectRefusal, samples, temporaryFolder } from './drawing.js';

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

/** macOS and Windows know no names that are no text. */
const canNameBytes = process.platform === 'linux';

beforeAll(async () => {
  for (const folder of ['all', 'all/inner', 'all/.cache', 'texts', 'other', 'results'])
    await mkdir(path(folder));
  for (const name of names) await write(join('all', name), 'x');
  for (const name of ['all/inner/deep.avif', 'all/.cache/no.png', 'texts/a.txt', 'other/img1.png'])
    await write(name, 'x');
  await symlink(path('all'), path('by-link'));
  for (const place of ['card/100CANON', 'card/101CANON', 'phone/inside'])
    await mkdir(path(place), { recursive: true });
  for (const file of ['card/100CANON/IMG_1.JPG', 'card/101CANON/IMG_1.JPG']) await write(file, 'x');
  for (const folder of ['shots [1]', 'a{b,c}', '(old)', '!best', 'x+(y)']) {
    await mkdir(path(folder));
    await write(`${folder}/(1).png`, 'x');
  }
  for (const file of ['a.jpg', 'b.gif', 'c.HEIC', 'd.heif', 'e.NEF', 'f.txt', '.g.gif'])
    await write(`phone/${file}`, 'x');
  await symlink('gone.jpg', path('phone/broken.jpg'));
  if (canNameBytes)
    await writeFile(
      Buffer.concat([Buffer.from(`${path('phone')}/caf`), Buffer.from([0xe9]), Buffer.from('.jpg')]),
      'x',
    );
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

describe('searchPictures', () => {
  const search = async (inputs: readonly string[], options: FindOptions = {}) => {
    const found = await searchPictures(
      inputs.map((input) => path(input)),
      options,
    );
    return { ...found, places: found.pictures.map(({ place }) => place) };
  };

  it('says where pictures lie inside of a folder or of what a pattern is about', async () => {
    expect((await search(['card'], { recursive: true })).places).toEqual([
      '100CANON/IMG_1.JPG',
      '101CANON/IMG_1.JPG',
    ]);
    expect((await search(['card/**/*.JPG'])).places).toEqual(['100CANON/IMG_1.JPG', '101CANON/IMG_1.JPG']);
    expect((await search(['card/{100,101}CANON/IMG_1.*'])).places).toHaveLength(2);
    expect((await search(['card/100CANON/IMG_1.JPG'])).places).toEqual(['IMG_1.JPG']);
  });

  it('takes the characters of patterns in names of folders as they are', async () => {
    for (const folder of ['shots [1]', 'a{b,c}', '(old)', '!best', 'x+(y)'])
      expect((await search([`${folder}/*.png`])).places, folder).toEqual(['(1).png']);
    expect((await search(['shots [1]/(?).png'])).places).toEqual(['(1).png']);
    expect((await search(['shot[rst] ?1]/*.png'])).places).toEqual(['shots [1]/(1).png']);
    expect((await search(['!b*/*', '[!a-z(]be[s-u]t/(1).*'])).places).toEqual(['!best/(1).png']);
  });

  it('counts what it does not take by kind, and names what it cannot read', async () => {
    const { pictures, leftOut } = await search(['phone']);
    expect(pictures).toHaveLength(1);
    expect(leftOut.text).toBe(
      '1 GIF file, 2 HEIC files, 1 camera raw file, 1 folder inside (`recursive` takes its pictures)',
    );
    expect(leftOut.unreadable.map(({ message }) => message)).toEqual([
      expect.stringMatching(/broken\.jpg is a link to something that does not exist$/),
      ...(canNameBytes ? [expect.stringMatching(/caf\?\.jpg has a name that is no UTF-8/)] : []),
    ]);
    const lines: string[] = [];
    await findPictures([path('phone')], { onLeftOut: (line) => void lines.push(line) });
    expect(lines).toHaveLength(leftOut.unreadable.length + 1);
    expect((await search(['phone/*.{HEIC,heif}', 'phone/a.jpg']).catch(String)).toString()).toContain(
      '2 HEIC files',
    );
  });

  it('takes no results of earlier runs, however files are named', async () => {
    const options = { exceptSuffix: '.denoised' };
    const both = ['all/img2.JPG', 'all/img2.denoised.jpg'];
    expect((await search(both, options)).places).toEqual(['img2.JPG']);
    expect((await search(['all/img2.denoised.jpg', 'all/img1.png'], options)).places).toHaveLength(2);
    const inside = { recursive: true, exceptFolder: path('card/101CANON') };
    expect((await search(['card'], inside)).places).toEqual(['100CANON/IMG_1.JPG']);
  });

  it('knows whether there may be several', async () => {
    expect((await search(['all/img1.png'])).several).toBe(false);
    expect((await search(['other'])).several).toBe(true);
    expect((await search(['all/img1.*'])).several).toBe(true);
  });

  it('does not call standard input or a broken link missing', async () => {
    await expectRefusal(searchPictures(['-']), 'standard input');
    await expectRefusal(searchPictures([path('phone/broken.jpg')]), 'is a link to something');
    expect((await search(['phone/broken.jpg', 'phone/a.jpg'])).leftOut.unreadable).toHaveLength(1);
  });
});

describe('planOutputs', () => {
  const naming = { suffix: '.denoised' };
  const named = (...paths: readonly string[]) => ({
    pictures: paths.map((file) => ({ path: file, place: basename(file) })),
    several: paths.length > 1,
  });
  const outputs = async (inputs: readonly string[], output?: string, options = naming) =>
    (await planOutputs(named(...inputs), output, options)).map((pair) => pair.output);

  it('names results beside their inputs', async () => {
    expect(await outputs(['a/photo.jpg', 'b/x.y.PNG'])).toEqual([
      'a/photo.denoised.jpg',
      'b/x.y.denoised.PNG',
    ]);
    expect(outputPath('p.jpeg', undefined, { suffix: '.denoised', format: 'jpeg' })).toBe('p.denoised.jpeg');
    expect(outputPath('p.jpeg', undefined, { suffix: '.denoised', format: 'tiff' })).toBe('p.denoised.tif');
    await writeFile(path('stereo.mpo'), await draw(4, 4, 3, samples(48, 8)).jpeg().toBuffer());
    expect(await outputs([path('stereo.mpo')], undefined)).toEqual([path('stereo.mpo.denoised.jpg')]);
    expect(outputPath('scan.001', undefined, naming)).toBe('scan.001.denoised.png');
  });

  it('takes the output of one input as a file, unless it is a folder', async () => {
    expect(await outputs(['a/photo.jpg'], 'out.png')).toEqual(['out.png']);
    expect(await outputs(['a/photo.jpg'], 'out/')).toEqual(['out/photo.jpg']);
    expect(await outputs(['a/photo.jpg'], path('results'))).toEqual([path('results/photo.jpg')]);
  });

  it('takes the output of several inputs as a folder and keeps the names', async () => {
    expect(await outputs(['a/p.jpg', 'b/q.png'], 'out')).toEqual(['out/p.jpg', 'out/q.png']);
    const png = await planOutputs(named('a/p.jpg', 'b/q.png'), 'out', { suffix: '.x', format: 'png' });
    expect(png.map((pair) => pair.output)).toEqual(['out/p.png', 'out/q.png']);
    await expectRefusal(
      planOutputs(named('a.jpg', 'b.jpg'), path('texts/a.txt'), naming),
      'is a file',
      'into a folder',
    );
    await expectRefusal(planOutputs(named('a.jpg', 'b.jpg'), 'new.jpg', naming), 'named like a picture');
  });

  it('takes the output of a folder as a folder, also where it holds one picture, and makes its folders again', async () => {
    const one = await searchPictures([path('(old)')]);
    expect(await planOutputs(one, 'clean', naming)).toMatchObject([{ output: 'clean/(1).png' }]);
    const card = await searchPictures([path('card')], { recursive: true });
    expect((await planOutputs(card, 'out', naming)).map((pair) => pair.output)).toEqual([
      'out/100CANON/IMG_1.JPG',
      'out/101CANON/IMG_1.JPG',
    ]);
    await expectRefusal(planOutputs(one, path('texts/a.txt'), naming), 'is a file');
  });

  it('refuses two results of one name and results in place of inputs', async () => {
    await expectRefusal(
      planOutputs(named('a/p.jpg', 'b/p.jpg'), 'out', naming),
      'a/p.jpg and b/p.jpg',
      'out/p.jpg',
    );
    await expectRefusal(
      planOutputs(named('a/p.jpg', 'a/q.jpg'), 'a', naming),
      'would replace the input a/p.jpg',
    );
    await expectRefusal(planOutputs(named('p.jpg'), './p.jpg', naming), 'would replace the input');
    await expectRefusal(
      planOutputs(named(path('all/img1.png')), path('by-link/img1.png'), naming),
      'would replace the input',
    );
    await expectRefusal(
      planOutputs(named(path('phone/a.jpg'), path('all/img1.png')), path('by-link/'), naming),
      'would replace the input',
    );
  });
});
