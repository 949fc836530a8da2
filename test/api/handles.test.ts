import type { CallOptions } from '#src/apply/index.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fairQueue, inTurns, outcomes } from '#src/apply/index.js';
import { RevelaError } from '#src/errors.js';
import {
  openComparison,
  openDenoiser,
  openMeasure,
  openUpscaler,
  type PictureInput,
  type Progress,
} from '#src/index.js';
import { samples } from '../images/drawing.js';

/** Small raw pictures, each its own. */
const raw = (seed: number, side = 64): PictureInput => ({
  data: samples(side * side * 3, 8, seed),
  ...{ width: side, height: side, channels: 3 },
});
const bad = Buffer.from('This is no picture at all, but a text.');

describe('a queue', () => {
  it('lets so many in at once, and the others in the order in which they came', async () => {
    const queue = fairQueue(2);
    const log: string[] = [];
    const ends: (() => void)[] = [];
    const ask = (name: string) =>
      queue.take(async () => {
        log.push(name);
        await new Promise<void>((resolve) => ends.push(resolve));
      });
    const all = ['a', 'b', 'c', 'd'].map(ask);
    await sleep(0);
    expect(log).toEqual(['a', 'b']);
    for (let i = 0; i < 4; i++) {
      ends[i]?.();
      await all[i];
      await sleep(0);
    }
    expect(log).toEqual(['a', 'b', 'c', 'd']);
  });

  it('loses who stops waiting, and keeps its places when work fails', async () => {
    const queue = fairQueue(1);
    const stop = new AbortController();
    const first = queue.take(() => Promise.reject(new Error('broken')));
    const second = queue.take(async () => 'second', stop.signal);
    const third = queue.take(async () => 'third');
    stop.abort(new Error('gone'));
    await expect(first).rejects.toThrow('broken');
    await expect(second).rejects.toThrow('gone');
    expect(await third).toBe('third');
    expect(await queue.take(async () => 'again')).toBe('again');
  });
});

describe('turns', () => {
  it('are taken one after another, and are over when all have been', async () => {
    const { take, over } = inTurns();
    const log: string[] = [];
    const stop = new AbortController();
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await sleep(0);
      log.push(`${name} ends`);
    };
    const first = take(work('first'));
    const left = take(work('left'), stop.signal);
    const last = take(work('last'));
    stop.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(log).toEqual(['first begins']); // whoever stops waiting need not wait for the others
    await over();
    expect(log).toEqual(['first begins', 'first ends', 'last begins', 'last ends']);
    await Promise.all([first, last]);
  });
});

describe('outcomes', () => {
  it('are in order, failures among them, and begin no more than two ahead', async () => {
    const begun: number[] = [];
    const work = async (n: number): Promise<number> => {
      begun.push(n);
      if (n === 2) throw new RevelaError('two is none');
      return n * n;
    };
    const seen: unknown[] = [];
    for await (const { input, result, error } of outcomes([1, 2, 3, 4, 5], work)) {
      expect(begun.length).toBeLessThanOrEqual(seen.length + 2);
      seen.push([input, result ?? error?.message]);
    }
    expect(seen).toEqual([
      [1, 1],
      [2, 'two is none'],
      [3, 9],
      [4, 16],
      [5, 25],
    ]);
  });

  it('end with what is no fault of an input, and stop what was begun where nobody takes more', async () => {
    const faulty = async (): Promise<void> => {
      for await (const _ of outcomes([1], () => Promise.reject(new TypeError('a fault')))) {
      }
    };
    await expect(faulty()).rejects.toThrow('a fault');
    let stopped = 0;
    const work = async (n: number, { signal }: CallOptions): Promise<number> => {
      if (n > 1) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      if (n > 1) stopped += 1;
      return n;
    };
    for await (const { input } of outcomes([1, 2, 3], work)) if (input === 1) break;
    expect(stopped).toBe(1);
  });
});

describe('outcomes of a source that waits', () => {
  it('come before the next input does, so that it may wait for them', async () => {
    let taken = 0;
    async function* source(): AsyncGenerator<number> {
      for (let n = 1; n <= 3; n++) {
        yield n;
        while (taken < n) await sleep(1);
      }
    }
    for await (const { input } of outcomes(source(), async (n) => n)) expect(input).toBe(++taken);
    expect(taken).toBe(3);
  });

  it('end when the signal is given, and where nobody takes more, though no input comes', async () => {
    async function* source(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => undefined);
    }
    const stop = new AbortController();
    const work = async (): Promise<void> => {
      for await (const _ of outcomes(source(), async (n) => n, { signal: stop.signal }))
        setTimeout(() => stop.abort(new Error('gone')), 1);
    };
    await expect(work()).rejects.toThrow('gone');
    for await (const { input } of outcomes(source(), async (n) => n)) {
      expect(input).toBe(1);
      break;
    }
  });

  it('end with what the source fails with', async () => {
    let ended = false;
    async function* source(): AsyncGenerator<number> {
      try {
        yield 1;
        throw new Error('no more');
      } finally {
        ended = true;
      }
    }
    const seen: number[] = [];
    const work = async (): Promise<void> => {
      for await (const { input } of outcomes(source(), async (n) => n)) seen.push(input);
    };
    await expect(work()).rejects.toThrow('no more');
    expect(ended).toBe(true);
    for await (const { input } of outcomes(source(), async (n) => n)) if (input === 1) break;
  });
});

const device = { device: 'cpu', threads: 1 } as const;

it('an upscaler serves callers at once, stops one alone, and tells failures with their inputs', async () => {
  await using upscaler = await openUpscaler({ ...device, scale: 2, weights: 'faithful' });
  const stop = new AbortController();
  const heard: Progress[] = [];
  const four = [1, 2, 3, 4].map((seed) =>
    upscaler.upscale(raw(seed), {
      ...(seed === 3 ? { signal: stop.signal } : {}),
      ...(seed === 1 ? { onProgress: (progress: Progress) => void heard.push(progress) } : {}),
    }),
  );
  stop.abort();
  const results = await Promise.allSettled(four);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(heard.every((progress) => !('picture' in progress) || progress.picture === 'picture 1')).toBe(true);
  expect(heard.some(({ kind }) => kind === 'upscaling')).toBe(true);
  const seen: unknown[] = [];
  for await (const { image, error } of upscaler.images([raw(1), bad, raw(2)]))
    seen.push(error === undefined ? image.width : error.code);
  expect(seen).toEqual([128, 'ERR_NOT_AN_IMAGE', 128]);
});

it('a denoiser too', async () => {
  await using denoiser = await openDenoiser(device);
  const seen: unknown[] = [];
  for await (const { input, image, error } of denoiser.images([raw(1), bad])) {
    expect([bad, input].includes(input)).toBe(true);
    seen.push(error === undefined ? [image.width, (await image.toRaw()).data.length] : error.code);
  }
  expect(seen).toEqual([[64, 64 * 64 * 3], 'ERR_NOT_AN_IMAGE']);
  await expect(denoiser.denoise(raw(1), { signal: AbortSignal.abort() })).rejects.toThrow('abort');
  await expect(denoiser.denoise(raw(1), JSON.parse('{"signals":1}'))).rejects.toThrow(
    'denoise has no option "signals"',
  );
  await expect(openDenoiser({ minutes: 1 })).rejects.toThrow('name them by `learnFrom`');
});

it('measures and comparisons too', async () => {
  await using measure = await openMeasure('revela', device);
  const scores: unknown[] = [];
  for await (const { score, error } of measure.images([raw(1, 96), bad]))
    scores.push(error === undefined ? typeof score : error.code);
  expect(scores).toEqual(['number', 'ERR_NOT_AN_IMAGE']);
  await expect(measure.score(raw(1, 96), { signal: AbortSignal.abort() })).rejects.toThrow('abort');
  await using comparison = await openComparison();
  const pairs = [
    [raw(1), raw(1)],
    [raw(1), bad],
  ] as const;
  const compared: unknown[] = [];
  for await (const { input, scores: found, error } of comparison.pairs(pairs))
    compared.push(error === undefined ? found['psnr'] : [input === pairs[1], error.code]);
  expect(compared).toEqual([Number.POSITIVE_INFINITY, [true, 'ERR_NOT_AN_IMAGE']]);
});
