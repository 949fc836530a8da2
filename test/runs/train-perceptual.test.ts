import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { writePicture } from '#src/images/index.js';
import { type LpipsFiles, trainUpscaler, type TrainUpscalerOptions } from '#src/api/index.js';
import { writeSafetensors } from '#src/weights/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';
import { madeBackbone, madeHeads, stored } from '../models/distances.js';

const path = temporaryFolder();
const lpips = (): LpipsFiles => ({
  network: 'squeeze',
  weights: path('heads.safetensors'),
  backbone: path('squeezenet.safetensors'),
});

beforeAll(async () => {
  await writePicture(path('a.png'), noisyPicture(60, 50));
  for (const [name, tensors] of [
    ['heads', madeHeads('squeeze')],
    ['squeezenet', madeBackbone('squeeze')],
    ['alexnet', madeBackbone('alex')],
  ] as const)
    await writeSafetensors(path(`${name}.safetensors`), { tensors: stored(tensors), metadata: {} });
  await trainUpscaler(pixel('pixels'));
});

const pixel = (run: string, changes: Partial<TrainUpscalerOptions> = {}): TrainUpscalerOptions => ({
  ...{ pictures: [path('a.png')], baseChannels: 8, modules: 2, patch: 32, batch: 1, steps: 3 },
  ...{ device: 'cpu', threads: 1, output: path(run) },
  ...changes,
});

describe('losses through networks', () => {
  test('the pixel stage learns by LPIPS, stops and goes on to the same numbers', async () => {
    await trainUpscaler(pixel('seen', { lpips: lpips() }));
    const weights = await readFile(path('seen', 'weights.safetensors'));
    expect(weights.equals(await readFile(path('pixels', 'weights.safetensors')))).toBe(false);
    const { config } = JSON.parse(await readFile(path('seen', 'config.json'), 'utf8'));
    expect(config.honest).toMatchObject({
      ...{ vgg: null, lpips: { network: 'squeeze' } },
      weights: { pixel: 1, perceptual: 0, lpips: 0.1 },
    });
    const stop = new AbortController();
    const onProgress: TrainUpscalerOptions['onProgress'] = (progress) => {
      if (progress.kind === 'training') stop.abort();
    };
    await trainUpscaler(pixel('stopped', { lpips: lpips(), signal: stop.signal, onProgress }));
    await trainUpscaler({ resume: path('stopped'), device: 'cpu', threads: 1 });
    expect(weights.equals(await readFile(path('stopped', 'weights.safetensors')))).toBe(true);
  });

  test('the stage sfd has LPIPS beside its discriminators, and measures its gradient', async () => {
    const { baseChannels: _, modules: __, ...game } = pixel('game', { stage: 'sfd', from: path('pixels') });
    await trainUpscaler({ ...game, discriminators: ['unet'], lpips: lpips(), lossWeights: { lpips: 0.3 } });
    const lines = (await readFile(path('game', 'metrics.jsonl'), 'utf8')).trim().split('\n');
    const numbers = JSON.parse(lines[0] ?? '{}');
    expect(numbers.lpipsLoss).toBeGreaterThan(0);
    expect(numbers.lpipsGradient).toBeGreaterThan(0);
    const { config } = JSON.parse(await readFile(path('game', 'config.json'), 'utf8'));
    expect(config.game.weights).toMatchObject({ perceptual: 0, lpips: 0.3 });
  });
});

describe('is refused in one line', () => {
  test.each<readonly [string, () => Partial<TrainUpscalerOptions>, RegExp]>([
    [
      'a weight without a network',
      () => ({ lossWeights: { lpips: 1 } }),
      /`lossWeights.lpips`.*`lpips` or `vgg`/,
    ],
    [
      'VGG19’s weight beside LPIPS alone',
      () => ({ lpips: lpips(), lossWeights: { perceptual: 1 } }),
      /needs VGG19: give its weights with `vgg`/,
    ],
    [
      'a weight below 0',
      () => ({ lpips: lpips(), lossWeights: { lpips: -1 } }),
      /`lossWeights.lpips` must be a number from 0 .* got -1/,
    ],
    [
      'heads without their network',
      () => ({ lpips: { ...lpips(), backbone: path('alexnet.safetensors') } }),
      /alexnet.*holds another network than SqueezeNet 1\.1/,
    ],
    ['a file that is missing', () => ({ lpips: { ...lpips(), weights: path('none') } }), /none.*not exist/],
    ['patches too small to see', () => ({ lpips: lpips(), patch: 16 }), /`patch` must be at least 17/],
    [
      'a weight of the other stage',
      () => ({ lpips: lpips(), lossWeights: { image: 1 } }),
      /`lossWeights.image` belongs to `stage` sfd/,
    ],
  ])('%s', async (_what, changes, message) => {
    expect(await refusal(() => trainUpscaler(pixel('never', changes())))).toMatch(message);
  });
});
