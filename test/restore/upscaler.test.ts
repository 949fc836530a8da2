import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPicture } from '#src/images/index.js';
import {
  denoise,
  openUpscaler,
  saveDenoiserWeights,
  saveUpscalerWeights,
  upscale,
  type UpscaleOptions,
} from '#src/api/index.js';
import { psnr } from '#src/quality/index.js';
import type { Progress } from '#src/apply/index.js';
import { sharedFolder } from '../shared.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture, randomDenoiser } from '../models/denoisers.js';
import { smallUpscalers } from '../models/upscalers.js';
import { enlarged, weights } from './enlarged.js';

const path = temporaryFolder();

describe('an upscaling', () => {
  test('takes files, bytes and decoded pictures, and tells how far it is', async () => {
    await saveUpscalerWeights(path('small.safetensors'), weights);
    const progress: Progress[] = [];
    const upscaling = await openUpscaler({
      weights: path('small.safetensors'),
      device: 'cpu',
      threads: 1,
      tile: 32,
      pictures: 2,
      onProgress: (event) => void progress.push(event),
    });
    expect(upscaling).toMatchObject({ scale: 4, device: 'CPU, 1 thread' });
    const first = await upscaling.upscale(noisyPicture(40, 20));
    await upscaling.upscale(noisyPicture(20, 20));
    await upscaling.close();
    expect(first.data).toEqual((await enlarged(noisyPicture(40, 20), { tile: 32 })).data);
    expect(progress.filter(({ kind }) => kind === 'upscaling')).toEqual([
      { kind: 'upscaling', picture: 'picture 1', index: 1, count: 2, tile: 1, tiles: 2 },
      { kind: 'upscaling', picture: 'picture 1', index: 1, count: 2, tile: 2, tiles: 2 },
      { kind: 'upscaling', picture: 'picture 2', index: 2, count: 2, tile: 1, tiles: 1 },
    ]);
  });

  test('stops between tiles when it is told to', async () => {
    const stop = new AbortController();
    let tiles = 0;
    const work = enlarged(noisyPicture(121, 87), {
      tile: 32,
      signal: stop.signal,
      onProgress: ({ kind }) => {
        if (kind !== 'upscaling') return;
        tiles += 1;
        if (tiles === 2) stop.abort(new Error('enough'));
      },
    });
    await expect(work).rejects.toThrow('enough');
    expect(tiles).toBe(2);
  });

  test('of Real-ESRGAN’s published weights makes a picture of the small one, much like the original', async (context) => {
    const published = sharedFolder(context, 'weights', 'realesr-animevideov3.pth');
    const set5 = sharedFolder(context, 'data', 'set5');
    const large = await upscale(join(set5, 'LRbicx4', 'butterfly.png'), {
      weights: published,
      device: 'cpu',
    });
    const truth = await readPicture(join(set5, 'GTmod12', 'butterfly.png'));
    expect([large.width, large.height]).toEqual([truth.width, truth.height]);
    // It was trained to undo more than bicubic shrinking, and on drawings; noise or a shifted picture would be below 15 dB.
    expect(psnr(large, truth)).toBeGreaterThan(18);
  });
});

describe('refusals', () => {
  test.each<readonly [string, Partial<UpscaleOptions>, RegExp]>([
    [
      'a scale that is more than the network’s',
      { weights: smallUpscalers['RRDBNet ×2'], scale: 4 },
      /`scale` 4 is more than these weights can do, which enlarge by 2/,
    ],
    ['a scale of 5', { scale: 5 }, /`scale` must be a whole number from 2 to 4, got 5/],
    ['a scale of 2.5', { scale: 2.5 }, /`scale`.*got 2\.5/],
    ['tiles of nothing', { tile: 0 }, /`tile`.*got 0/],
    ['no room at all', { maxMegapixels: 0 }, /`maxMegapixels` must be a number above 0, at most 1400, got 0/],
    [
      'a result that is too large',
      { maxMegapixels: 0.01 },
      /picture 1 would become 160×160 = 0\.03 megapixels, more than the limit of 0\.01; .*`maxMegapixels`/,
    ],
    ['weights that are not there', { weights: 'gone.safetensors' }, /gone\.safetensors: it does not exist/],
  ])('%s', async (_, options, message) => {
    expect(await refusal(() => enlarged(noisyPicture(40, 40), options))).toMatch(message);
  });

  test('weights that denoise, with the command for them', async () => {
    await saveDenoiserWeights(path('denoiser.safetensors'), randomDenoiser(8, 1));
    const line = await refusal(() => enlarged(noisyPicture(9, 9), { weights: path('denoiser.safetensors') }));
    expect(line).toMatch(
      /denoiser\.safetensors: this is a network that denoises pictures \(dbsnl\).*`denoise\(\)`/,
    );
  });

  test('weights that denoise, from memory', async () => {
    const line = await refusal(() => enlarged(noisyPicture(9, 9), { weights: randomDenoiser(8, 1) }));
    expect(line).toMatch(
      /the weights given: this is a network that denoises pictures \(dbsnl\).*`denoise\(\)`/,
    );
    const given = { ...weights, method: 'distilled' };
    const denoising = () => denoise(noisyPicture(9, 9), { weights: given, adapt: false, device: 'cpu' });
    expect(await refusal(denoising)).toMatch(/enlarges pictures \(srvggnet\).*`upscale\(\)`/);
  });

  test('a picture without all of its values', async () => {
    const picture = noisyPicture(9, 9);
    const cut = { ...picture, data: picture.data.subarray(0, 200) };
    expect(await refusal(() => enlarged(cut))).toMatch(
      /data must have 243 numbers for 9 × 9 pixels and 3 channels, got 200/,
    );
    const seeThrough = { ...picture, alpha: new Uint8Array(80) };
    expect(await refusal(() => enlarged(seeThrough))).toMatch(
      /alpha must have 81 numbers, one a pixel, got 80/,
    );
  });

  test('numbers that are no picture', async () => {
    const parameters = Object.fromEntries(
      Object.entries(weights.parameters).map(([key, value]) => {
        const data = Float32Array.from(value.data, (x: number | bigint) => Number(x) * 1e25);
        return [key, { ...value, data }];
      }),
    );
    const line = await refusal(() => enlarged(noisyPicture(9, 9), { weights: { ...weights, parameters } }));
    expect(line).toMatch(/NaN/);
  });
});
