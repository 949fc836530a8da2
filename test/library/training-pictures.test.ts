import { mkdir } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { trainingPictures } from '#src/library/index.js';
import { newRunSettings } from '#src/library/run-settings.js';
import { photograph } from '../cli/command.js';
import { temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();

beforeAll(async () => {
  await mkdir(path('shots'));
  for (const name of ['a.png', 'a.denoised.jpg', 'a.x4.png', 'b.png', 'b.denoised.png'])
    await photograph(16, 16).toFile(path('shots', name));
});

it('leaves out what Revela made of the pictures of a folder, and says how many', async () => {
  const lines: string[] = [];
  const found = await trainingPictures([path('shots')], { onLeftOut: (line) => lines.push(line) });
  expect(found).toEqual([path('shots', 'a.png'), path('shots', 'b.png')]);
  expect(lines).toEqual(['Left out: 3 results of earlier runs']);
  expect((await newRunSettings({ pictures: [path('shots')] })).files).toEqual(found);
});

it('takes a result that is named alone', async () => {
  const named = path('shots', 'a.denoised.jpg');
  expect(await trainingPictures([named], {})).toEqual([named]);
});
