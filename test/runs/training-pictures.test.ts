import { copyFile, mkdir } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { denoise, trainScorer, upscale, writePicture } from '#src/index.js';
import { trainingPictures } from '#src/api/index.js';
import { tellRanges } from '#src/apply/index.js';
import { pairRasters } from '#src/runs/denoiser/pair-rasters.js';
import { newRunSettings } from '#src/runs/run-settings.js';
import { photograph } from '../cli/command.js';
import { refusal, temporaryFolder } from '../weights/files.js';

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

it('knows by their metadata what it made and somebody named otherwise, and says how many', async () => {
  await mkdir(path('mixed'));
  const original = path('mixed', 'original.png');
  await copyFile(path('shots', 'a.png'), original);
  await writePicture(path('mixed', 'one.jpg'), await denoise(original, { bare: true }));
  await writePicture(path('mixed', 'two.webp'), await upscale(original, { scale: 2 }));
  const lines: string[] = [];
  const found = await trainingPictures([path('mixed')], { onLeftOut: (line) => lines.push(line) });
  expect(found).toEqual([original]);
  expect(lines).toEqual(['Left out: 2 pictures that Revela made, as the metadata say']);
  const notes: string[] = [];
  const training = trainScorer({
    ...{ pictures: [path('mixed')], output: path('run'), steps: 1, patch: 64, batch: 1 },
    onProgress: (progress) => {
      if (progress.kind === 'note') notes.push(progress.message);
    },
  });
  await training.catch(() => undefined); // the one picture is smaller than a patch
  expect(notes).toContain(lines[0]);
});

it('takes one that is named alone, and refuses a folder of nothing else', async () => {
  const one = path('mixed', 'one.jpg');
  expect(await trainingPictures([one], {})).toEqual([one]);
  await mkdir(path('made'));
  await copyFile(one, path('made', 'fine.jpg'));
  expect(await refusal(() => trainingPictures([path('made')], {}))).toContain(
    'has 1 picture that Revela made, as their metadata say; name others, or one of these alone',
  );
});

it('leaves a picture of which nothing was taken away as it was', async () => {
  const untouched = await denoise(path('shots', 'a.png'), { strength: 0 });
  expect(untouched.metadata.xmp).toBeUndefined();
});

it('says of pictures that lie low in their range by how much they are multiplied', async () => {
  const lines: string[] = [];
  const bright = path('shots', 'a.png');
  await tellRanges([bright], (line) => lines.push(line));
  expect(lines).toEqual([]);
  const dark = path('dark.png');
  const samples = Uint16Array.from({ length: 256 }, (_, i) => 4 * i);
  await sharp(samples, { raw: { width: 16, height: 16, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toFile(dark);
  await tellRanges([bright, dark], (line) => lines.push(line));
  expect(lines).toEqual([
    '1 of 2 pictures use a low part of their range: each such picture is learnt from multiplied by a factor of its own, 58.1',
  ]);
  const [pair] = await pairRasters([{ name: 'dark', noisy: dark, clean: dark }]);
  expect(Math.abs((pair?.samples[6 * 256 - 2] ?? 0) - 0.9 * 65_535)).toBeLessThan(1);
});
