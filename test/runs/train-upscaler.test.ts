import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { writePicture } from '#src/images/index.js';
import { loadUpscalerWeights, trainUpscaler, type TrainUpscalerOptions, upscale } from '#src/api/index.js';
import type { Progress } from '#src/apply/index.js';
import { refusal } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';
import { path, pixel, sfd, stoppedAndWhole } from './upscaler-runs.js';

describe('the pixel stage', () => {
  test('gives weights that enlarge, measured on large pictures', async () => {
    const seen: Progress[] = [];
    const { weights, best } = await trainUpscaler(
      pixel('measured', { validation: path('large.png'), onProgress: (progress) => seen.push(progress) }),
    );
    expect(weights.description.scale).toBe(4);
    const [validation] = seen.filter((progress) => progress.kind === 'validation');
    expect(validation?.psnr).toBeGreaterThan(5);
    // Six steps make nothing better than bicubic is: there is no best.
    expect(best).toBeUndefined();
    expect(seen.at(-1)).toMatchObject({
      kind: 'note',
      message: expect.stringMatching(
        /^No weights of this run enlarged the pictures of the validation better than bicubic does \([\d.]+ dB, bicubic [\d.]+ dB\): none are kept as the best, and \S+weights\.safetensors holds the last ones/,
      ),
    });
    expect(seen).toContainEqual({
      kind: 'note',
      message: '1 of 3 pictures are smaller than a patch of 64 × 64 pixels and are left out',
    });
    const loaded = await loadUpscalerWeights(path('measured', 'weights.safetensors'));
    expect(loaded.method).toBe('pixel');
    expect(loaded.record.pictures).toBe(3);
    const large = await upscale(noisyPicture(12, 10), { weights: loaded, device: 'cpu', threads: 1 });
    expect([large.width, large.height]).toEqual([48, 40]);
    const samples = await readFile(path('measured', 'samples', 'step-00000006', 'large.upscaled.png'));
    expect(samples.length).toBeGreaterThan(100);
  });

  test('that is stopped and goes on ends with the same file', async () => {
    const [whole, stopped] = await stoppedAndWhole(pixel, 'pixel', 'weights.safetensors');
    expect(stopped.equals(whole)).toBe(true);
  });

  test('with a teacher it learns what that makes, goes on with the same one, and refuses another scale', async () => {
    const taught = (run: string, changes: Partial<TrainUpscalerOptions>) =>
      pixel(run, { teacher: path('start'), ...changes });
    const [whole, stopped] = await stoppedAndWhole(taught, 'taught', 'weights.safetensors');
    expect(stopped.equals(whole)).toBe(true);
    await trainUpscaler(pixel('untaught'));
    const untaught = await readFile(path('untaught', 'weights.safetensors'));
    expect(whole.equals(untaught)).toBe(false);
    await expect(trainUpscaler(taught('half', { scale: 2 }))).rejects.toMatchObject({
      option: 'teacher',
      message: expect.stringContaining('by 2'),
    });
    await expect(trainUpscaler(sfd('judged', { teacher: path('start') }))).rejects.toThrow(/teacher.*pixel/);
  });

  test('with two teachers each teaches its half, and both go on', async () => {
    const taught = (run: string, changes: Partial<TrainUpscalerOptions>) =>
      pixel(run, { preset: 'mixed', teacher: path('start'), spoiltTeacher: path('start'), ...changes });
    const [whole, stopped] = await stoppedAndWhole(taught, 'two', 'weights.safetensors');
    expect(stopped.equals(whole)).toBe(true);
    await expect(trainUpscaler(taught('photos', { preset: 'photo' }))).rejects.toThrow(
      /spoiltTeacher.*preset.*mixed/,
    );
    await expect(
      trainUpscaler(pixel('lone', { preset: 'mixed', spoiltTeacher: path('start') })),
    ).rejects.toThrow(/spoiltTeacher.*teacher/);
  });

  test('likewise where several patches are cut from each degraded square', async () => {
    const several = (run: string, changes: Partial<TrainUpscalerOptions>) =>
      pixel(run, { preset: 'real-world', patchesPerSquare: 3, ...changes });
    const [whole, stopped] = await stoppedAndWhole(several, 'several', 'weights.safetensors');
    expect(stopped.equals(whole)).toBe(true);
    const config = JSON.parse(await readFile(path('several-stopped', 'config.json'), 'utf8'));
    expect(config).toMatchObject({ config: { degradation: 'real-world', patchesPerSquare: 3 } });
    const lines = (await readFile(path('several-stopped', 'metrics.jsonl'), 'utf8')).trim().split('\n');
    for (const line of lines) expect(JSON.parse(line).waitedSeconds).toBeGreaterThanOrEqual(0);
  });

  test('takes real-world degradations and other networks and scales', async () => {
    const { weights } = await trainUpscaler(
      pixel('rrdb', {
        preset: 'real-world',
        network: 'rrdbnet',
        modules: 1,
        scale: 2,
        steps: 2,
      }),
    );
    expect(weights.description).toMatchObject({ architecture: 'rrdbnet', scale: 2 });
  });
});

describe('what cannot be trained is refused in one line', () => {
  const cases: readonly [string, Partial<TrainUpscalerOptions>, RegExp][] = [
    ['sfd without a start', { stage: 'sfd' }, /`from`/],
    ['sfd without CLIP', { stage: 'sfd', from: 'START' }, /`clip`/],
    ['a scale that the start does not have', { from: 'START', scale: 2 }, /`scale` is 2.*enlarge by 4/],
    ['a network beside a start', { from: 'START', network: 'rrdbnet' }, /`from` brings its own network/],
    ['a patch that is no multiple', { patch: 66 }, /`patch` must be a multiple of 4/],
    ['pictures that are all too small', { patch: 200 }, /smaller than a patch/],
    [
      'several patches of a bicubic pair',
      { patchesPerSquare: 2 },
      /`patchesPerSquare` is for `preset` real-world/,
    ],
    ['too many patches', { preset: 'real-world', patchesPerSquare: 17 }, /`patchesPerSquare` must be/],
    [
      'another preset',
      { preset: 'modern' as 'classical' },
      /`preset` must be one of classical, photo, real-world/,
    ],
    [
      'perceptual loss without VGG19',
      { stage: 'sfd', from: 'START', discriminators: ['unet'], lossWeights: { perceptual: 1 } },
      /`vgg`/,
    ],
    ['a stage that has no use for CLIP', { clip: 'some.pt' }, /`clip` belongs to `stage` sfd/],
    [
      'prompts that nobody looks at',
      { stage: 'sfd', from: 'START', discriminators: ['unet'], promptPairs: 2 },
      /`promptPairs` is for the discriminator prompt/,
    ],
    [
      'patches that CLIP cannot see',
      { stage: 'sfd', from: 'START', clip: 'CLIP', patch: 16 },
      /`patch` must be at least 32 for CLIP/,
    ],
    [
      'kernels that no convolution has',
      { stage: 'sfd', from: 'START', clip: 'CLIP', featureDepth: 2, featureKernel: 3 },
      /`featureKernel` 3 is for convolutions between/,
    ],
    [
      'a switch of a discriminator that does not take part',
      { stage: 'sfd', from: 'START', discriminators: ['unet'], featureScaling: false },
      /`featureScaling: false` is for the discriminator feature/,
    ],
    [
      'pictures for a CLIP that nobody looks through',
      { stage: 'sfd', from: 'START', discriminators: ['unet'], clipNormalisation: false },
      /`clipNormalisation: false` is for/,
    ],
    ['a switch of another stage', { clipNormalisation: false }, /`clipNormalisation: false` belongs to/],
    [
      'words without their opposites',
      { stage: 'sfd', from: 'START', clip: 'CLIP', promptWords: ['good'] },
      /`promptWords` must be texts in pairs/,
    ],
    [
      'words for other pairs than are asked for',
      { stage: 'sfd', from: 'START', clip: 'CLIP', promptWords: ['good', 'bad'], promptPairs: 3 },
      /`promptPairs` is 3, and `promptWords` has texts for 1/,
    ],
    [
      'betas that never forget',
      { stage: 'sfd', from: 'START', clip: 'CLIP', discriminatorBetas: [0.9, 1] },
      /`discriminatorBetas`/,
    ],
    [
      'weights that are set after the end',
      { stage: 'sfd', from: 'START', clip: 'CLIP', adversarialShare: 0.1 },
      /after step 1000, and the training ends with step 6/,
    ],
    [
      'weights that are set at some time, but not by what',
      { stage: 'sfd', from: 'START', clip: 'CLIP', calibrateAt: 3 },
      /`adversarialShare`/,
    ],
    [
      'a discriminator for other patches',
      { stage: 'sfd', from: 'START', discriminators: ['vgg'] },
      /128 or 256/,
    ],
    ['pictures too small to measure on', { validation: 'TINY' }, /at least 19×19/],
  ];
  test.each(cases)('%s', async (_what, { from, validation, clip, ...changes }, message) => {
    const { baseChannels, modules, ...options } = pixel('refused', changes);
    await writePicture(path('speck.png'), noisyPicture(14, 18), { overwrite: true });
    const given = from === undefined ? {} : { from: path('start') };
    const seen = clip === undefined ? {} : { clip: path('clip.safetensors') };
    const measured = validation === undefined ? {} : { validation: path('speck.png') };
    expect(await refusal(() => trainUpscaler({ ...options, ...given, ...seen, ...measured }))).toMatch(
      message,
    );
    expect(await readdir(path('.'))).not.toContain('refused');
  });
});
