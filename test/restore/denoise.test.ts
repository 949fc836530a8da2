import { describe, expect, test } from 'vitest';
import { type DenoiseOptions, denoise, openDenoiser, saveDenoiserWeights } from '#src/api/index.js';
import type { Progress } from '#src/apply/index.js';
import { writePicture } from '#src/images/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { largestDifference, noisyPicture, randomDenoiser } from '../models/denoisers.js';

const path = temporaryFolder();
const weights = randomDenoiser(8, 1);

/** Options that keep a test short. */
const quick: DenoiseOptions = { device: 'cpu', threads: 1, patch: 20, seed: 3, bare: true };

describe('denoise', () => {
  test('with given weights only applies them', async () => {
    const picture = noisyPicture(24, 18, { alpha: new Uint8Array(24 * 18).fill(9) });
    await saveDenoiserWeights(path('given.safetensors'), weights);
    const fromMemory = await denoise(picture, { ...quick, weights, adapt: false });
    const fromFile = await denoise(picture, { ...quick, weights: path('given.safetensors'), adapt: false });
    expect(fromFile.data).toEqual(fromMemory.data);
    expect(fromMemory.alpha).toEqual(picture.alpha);
    expect(largestDifference(fromMemory.data, picture.data)).toBeGreaterThan(0.01);
  });

  test('enhances unless told not to', async () => {
    const picture = noisyPicture(24, 18);
    const with_ = await denoise(picture, { ...quick, weights, adapt: false });
    const without = await denoise(picture, { ...quick, weights, adapt: false, enhance: false });
    expect(largestDifference(with_.data, without.data)).toBeGreaterThan(1e-3);
  });

  test('adapts to the pictures: files, bytes and decoded ones together', async () => {
    const progress: Progress[] = [];
    await writePicture(path('one.png'), noisyPicture(40, 30));
    const inputs = [path('one.png'), noisyPicture(25, 21)];
    const denoising = await openDenoiser({
      learnFrom: inputs,
      ...quick,
      weights,
      steps: 3,
      onProgress: (event) => void progress.push(event),
    });
    const results = [];
    for (const input of inputs) results.push(await denoising.denoise(input));
    await denoising.close();
    expect(results.map(({ width, height }) => [width, height])).toEqual([
      [40, 30],
      [25, 21],
    ]);
    expect(denoising.weights.record).toMatchObject({ steps: 6, seed: 3, pictures: 2 });
    expect(denoising.weights.parameters['head.0.bias']).not.toEqual(weights.parameters['head.0.bias']);
    expect(progress.flatMap((event) => (event.kind === 'training' ? [event.step] : []))).toEqual([1, 2, 3]);
    const denoised = progress.flatMap((event) =>
      event.kind === 'denoising' ? [[event.index, event.count]] : [],
    );
    expect(denoised).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  test('from scratch gives the same picture for the same seed, and another for another', async () => {
    const picture = noisyPicture(30, 30);
    const options: DenoiseOptions = { ...quick, fromScratch: true, baseChannels: 8, modules: 1, steps: 2 };
    const first = await denoise(picture, options);
    expect((await denoise(picture, options)).data).toEqual(first.data);
    expect((await denoise(picture, { ...options, seed: 4 })).data).not.toEqual(first.data);
  });

  test('stops when it is told to', async () => {
    const stop = new AbortController();
    const work = denoise(noisyPicture(40, 40), {
      ...quick,
      weights,
      steps: 1000,
      signal: stop.signal,
      onProgress: ({ kind }) => {
        if (kind === 'training') stop.abort(new Error('enough'));
      },
    });
    await expect(work).rejects.toThrow('enough');
  });

  test('stopped before it begins, leaves no promise behind that fails unheard', async () => {
    const unheard: unknown[] = [];
    const listen = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', listen);
    try {
      const work = denoise(noisyPicture(40, 40), {
        ...quick,
        weights,
        steps: 5,
        signal: AbortSignal.abort(),
      });
      await expect(work).rejects.toThrow();
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('unhandledRejection', listen);
    }
    expect(unheard).toEqual([]);
  });

  /** What is asked for besides given weights, and what the line must name. */
  const refusals: readonly (readonly [string, DenoiseOptions, RegExp])[] = [
    ['fresh weights and given ones', { fromScratch: true, weights }, /`fromScratch`.*`weights`/],
    ['fresh weights without training', { fromScratch: true, adapt: false }, /`adapt: false`/],
    ['a size for weights that are there', { baseChannels: 8 }, /`baseChannels`.*`fromScratch`/],
    [
      'an unknown network',
      { fromScratch: true, network: 'nonet' },
      /`network` must be one of dbsnl, .*, got nonet/,
    ],
    [
      'a network called constructor',
      { fromScratch: true, network: 'constructor' },
      /`network`.*got constructor/,
    ],
    ['an unknown method', { weights, method: 'none' }, /`method` must be one of .*sdap.*, got none/],
    ['a method called toString', { weights, method: 'toString' }, /`method`.*got toString/],
    ['a patch that does not divide', { weights, patch: 21 }, /`patch` must be a multiple of 5.*21/],
    ['a patch of one cell', { weights, patch: 5 }, /`patch`.*got 5/],
    ['an empty batch', { weights, batch: 0 }, /`batch`.*got 0/],
    ['a negative seed', { weights, seed: -1 }, /`seed`.*got -1/],
    ['a broken seed', { weights, seed: 1.5 }, /`seed`.*got 1\.5/],
    ['a learning rate of 0', { weights, learningRate: 0 }, /`learningRate`.*got 0/],
    ['no steps', { weights, steps: 0 }, /steps.*got 0/],
    ['tiles of nothing', { weights, tile: 0 }, /`tile`.*got 0/],
    ['tiles of no number', { weights, tile: Number.NaN }, /`tile`.*NaN/],
  ];

  test.each(refusals)('refuses %s in one line', async (_, options, message) => {
    const work = () => denoise(noisyPicture(40, 40), { ...quick, steps: 1, ...options });
    expect(await refusal(work)).toMatch(message);
  });
});
