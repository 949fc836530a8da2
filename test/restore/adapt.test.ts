import { describe, expect, test } from 'vitest';
import type { Picture } from '#src/images/index.js';
import { denoise, type DenoiseOptions, openDenoiser } from '#src/api/index.js';
import { compareOnNoisy } from '#src/restore/adapt/compare-on-noisy.js';
import { noisySquares } from '#src/restore/adapt/noisy-squares.js';
import { applyNoise, type NoiseProcess } from '#src/noise/index.js';
import { gaussianBlur, type Planes } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';
import type { Progress } from '#src/apply/index.js';
import { scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';
import { refusal } from '../weights/files.js';
import { largestDifference, noisyPicture, randomDenoiser } from '../models/denoisers.js';

const machine: DenoiseOptions = { device: 'cpu', threads: 1 };
/** Of small pictures the noise is found out sooner, and a patch has to fit. */
const small = { patch: 32, batch: 1 } as const;
const noisy: Picture = {
  ...withNoise(scene(64, 64), () => 14 / 255),
  ...{ bitDepth: 8, format: 'png', metadata: {} },
};

describe('learning the noise of a picture', () => {
  test('tells what it does, takes only what is better on the noisy picture, and repeats with its seed', async () => {
    const notes: string[] = [];
    let steps = 0;
    const onProgress = (event: Progress) => {
      if (event.kind === 'note') notes.push(event.message);
      if (event.kind === 'training') steps = event.step;
    };
    const denoising = await openDenoiser({
      learnFrom: [noisy],
      ...{ ...machine, ...small },
      adapt: true,
      steps: 3,
      onProgress,
    });
    const { method, record } = denoising.weights;
    const result = await denoising.denoise(noisy);
    await denoising.close();
    const again = await denoise(noisy, { ...machine, ...small, adapt: true, steps: 3 });
    expect(largestDifference(again.data, result.data)).toBe(0);
    expect(method).toBe('supervised');
    expect(steps).toBe(3);
    expect(notes).toContain('Finding out what noise it is, on one picture');
    expect(notes).toContain('Learning that noise: 3 steps');
    const verdict = notes.at(-1) ?? '';
    expect(verdict).toMatch(/^On the noisy pictures themselves, an error of [\d.]+ instead of/);
    const taken = verdict.endsWith('what was learnt is taken');
    if (!taken) expect(verdict).toMatch(/no better, so the weights stay as they were$/);
    expect(record.startedFrom === 'the weights of the package').toBe(taken);
  });

  test('is not for pictures smaller than a patch, which are denoised as they are', async () => {
    const notes: string[] = [];
    const onProgress = (event: Progress) => void (event.kind === 'note' && notes.push(event.message));
    const tiny = noisyPicture(70, 60);
    const result = await denoise(tiny, { ...machine, adapt: true, steps: 2, onProgress });
    expect(result.width).toBe(70);
    expect(notes.at(-1)).toBe('Nothing is learnt: no picture is as large as a patch of 96×96 pixels');
  });

  test('starts from the general weights, and from the self-supervised ones where a method is named', async () => {
    const open = async (options: Parameters<typeof openDenoiser>[0]) => {
      const denoising = await openDenoiser({ ...machine, ...options });
      await denoising.close();
      return denoising.weights.method;
    };
    // Pictures that cannot be read do not keep the others from being learnt from.
    const learnFrom = ['/does/not/exist.png', noisy];
    expect(await open({ ...small, adapt: true, steps: 1, learnFrom })).toBe('supervised');
    expect(await open({ adapt: false, method: 'sdap' })).toBe('sdap');
    expect(await open({ adapt: false, weights: 'self-supervised' })).toBe('sdap');
    expect(await open({ weights: 'general' })).toBe('supervised');
  });

  test('has bounds', async () => {
    expect(await refusal(() => denoise(noisy, { ...machine, adapt: true, patch: 90 }))).toContain('patch');
    const distilled = { ...randomDenoiser(4, 1), method: 'distilled' };
    expect(await refusal(() => denoise(noisy, { ...machine, adapt: true, weights: distilled }))).toContain(
      'do not learn from noisy pictures',
    );
  });
});

describe('a verdict without a clean picture', () => {
  const process: NoiseProcess = {
    origin: { kind: 'gaussian', sigma: 12 / 255 },
    afterwards: { denoised: undefined, sharpened: undefined, resized: undefined, jpeg: [] },
    eightBits: false,
  };
  const blurred = (planes: Planes, sigma: number): Planes => ({
    ...planes,
    data: gaussianBlur(planes, 2 * Math.ceil(3 * sigma) + 1, sigma),
  });

  test('is for the denoiser that is nearer to the clean picture', async () => {
    const clean: Planes = scene(256, 192);
    const { noisy: picture } = await applyNoise(clean, process, createRandom(1));
    const squares = [{ noisy: [picture], estimates: [blurred(picture, 1.5)], processes: [process] }];
    const soft = async (planes: Planes) => blurred(planes, 1.5);
    const same = async (planes: Planes) => planes;
    const much = async (planes: Planes) => blurred(planes, 12);
    const verdict = (before: typeof soft, after: typeof soft) =>
      compareOnNoisy(squares, before, after, createRandom(2));
    expect((await verdict(same, soft)).better).toBe(true);
    expect((await verdict(soft, same)).better).toBe(false);
    expect((await verdict(soft, much)).better).toBe(false);
    expect((await verdict(soft, soft)).better).toBe(false);
    // The difference of the losses is that of the errors against the clean picture of what was denoised.
    const { before, after } = await verdict(much, soft);
    const shot = await applyNoise(
      clean,
      { ...process, origin: { kind: 'gaussian', sigma: (Math.sqrt(1.25) * 12) / 255 } },
      createRandom(4),
    );
    const error = ({ data }: Planes) =>
      data.reduce((sum, value, i) => sum + (255 * (value - (clean.data[i] ?? 0))) ** 2, 0) / data.length;
    const expected = error(blurred(shot.noisy, 1.5)) - error(blurred(shot.noisy, 12));
    expect(after - before).toBeGreaterThan(1.2 * expected);
    expect(after - before).toBeLessThan(0.8 * expected);
  });
});

describe('squares', () => {
  const all = async (picture: Picture) => picture;

  test('are cut of pictures that are spread over all, the same for the same seed', async () => {
    const pictures = Array.from({ length: 12 }, (_, i) => noisyPicture(300 + i, 280));
    const looked: number[] = [];
    const one = await noisySquares(
      pictures,
      async (picture) => {
        looked.push(picture.width - 300);
        return picture;
      },
      createRandom(1),
    );
    expect(looked).toEqual([0, 2, 4, 7, 9]);
    expect(await noisySquares(pictures, all, createRandom(1))).toEqual(one);
    expect(one).toHaveLength(5);
    for (const squares of one)
      for (const { channels, width, height, data } of squares) {
        expect([channels, width, height]).toEqual([3, 256, 256]);
        expect(data).toHaveLength(3 * 256 * 256);
      }
    const grey = noisyPicture(40, 30, { channels: 1 });
    const [[square] = []] = await noisySquares([grey], all, createRandom(1));
    expect(square?.data.subarray(1200, 2400)).toEqual(grey.data);
    expect(await noisySquares([], all, createRandom(1))).toEqual([]);
  });

  test('are looked for on, where pictures are not noisy, but not for ever', async () => {
    const picture = noisyPicture(64, 48);
    let looks = 0;
    const only = (which: number) => async (place: number) => {
      looks += 1;
      return place === which ? picture : undefined;
    };
    const places = Array.from({ length: 1000 }, (_, i) => i);
    expect(await noisySquares(places, only(3), createRandom(1))).toHaveLength(1);
    looks = 0;
    expect(await noisySquares(places, only(-1), createRandom(1))).toEqual([]);
    expect(looks).toBe(40);
  });
});
