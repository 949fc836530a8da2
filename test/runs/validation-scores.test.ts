import { nothingGained } from '#src/runs/best-weights.js';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { sdap } from '#src/denoise/index.js';
import { pairPictures, type Picture, readPicture, writePicture } from '#src/images/index.js';
import { createApplier } from '#src/apply/apply-denoiser.js';
import { isBetter, isWorseThanInput, measureByLoss, measureOnPairs } from '#src/runs/validation-scores.js';
import { psnr, ssim } from '#src/quality/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture, randomDenoiser } from '../models/denoisers.js';

const cpu = cpuRuntime();
const path = temporaryFolder();
const weights = randomDenoiser(8, 1);
const sizes = [
  [40, 31],
  [33, 40],
  [40, 31],
] as const;

const clear = (picture: Picture): Picture => ({
  ...picture,
  data: picture.data.map((x) => 0.5 + 0.4 * (x - 0.5)),
});

beforeAll(async () => {
  for (const [i, [width, height]] of sizes.entries()) {
    const picture = noisyPicture(width, height, i === 2 ? { channels: 1 } : {});
    await writePicture(path('noisy', `${i}_noisy.png`), picture);
    await writePicture(path('clean', `${i}_clean.png`), clear(picture));
  }
});

const pairs = () => {
  const files = (kind: string) => sizes.map((_, i) => path(kind, `${i}_${kind}.png`));
  return pairPictures(files('noisy'), files('clean')).pairs;
};

describe('on pairs', () => {
  test('the scores are the means of those of the pictures, denoised in the plain way', async () => {
    const applier = createApplier(cpu(), weights, sdap, {});
    const each: [number, number][] = [];
    for (const { noisy, clean } of pairs()) {
      const truth = await readPicture(clean);
      const denoised = await applier.apply(await readPicture(noisy));
      each.push([psnr(denoised, truth), ssim(denoised, truth)]);
    }
    await applier.close();
    const mean = (part: 0 | 1): number => each.reduce((sum, scores) => sum + scores[part], 0) / each.length;
    const measure = await measureOnPairs(pairs(), sdap);
    const scores = await measure(cpu(), weights);
    expect(scores.psnr).toBeCloseTo(mean(0), 10);
    expect(scores.ssim).toBeCloseTo(mean(1), 10);
    expect(scores.psnr).toBeGreaterThan(5);
    expect(await measure(cpu(), weights)).toEqual(scores);
  });

  test('pictures of different sizes are no pair', async () => {
    const noisy = path('noisy', '0_noisy.png');
    const clean = path('clean', '1_clean.png');
    const line = await refusal(() => measureOnPairs([{ name: '0', noisy, clean }], sdap));
    expect(line).toMatch(/0_noisy\.png is 40×31 and .*1_clean\.png is 33×40 .* of one size$/);
  });

  test('a picture that is missing is named', async () => {
    const clean = join(path(), 'gone.png');
    const line = await refusal(() =>
      measureOnPairs([{ name: '0', noisy: path('noisy', '0_noisy.png'), clean }], sdap),
    );
    expect(line).toMatch(/gone\.png/);
  });

  test('ends when it is told to', async () => {
    const measure = await measureOnPairs(pairs(), sdap);
    const reason = new Error('enough');
    await expect(measure(cpu(), weights, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('without clean pictures', () => {
  test('the loss is the same every time, and another for other weights', async () => {
    const files = pairs().map(({ noisy }) => noisy);
    const measure = await measureByLoss(files, sdap, 20);
    const { loss } = await measure(cpu(), weights);
    expect(loss).toBeGreaterThan(0);
    expect(await measure(cpu(), weights)).toEqual({ loss });
    expect(await (await measureByLoss(files, sdap, 20))(cpu(), weights)).toEqual({ loss });
    expect((await measure(cpu(), randomDenoiser(8, 1, 2))).loss).not.toBe(loss);
  });
});

test('more decibels are better, and less loss', () => {
  expect(isBetter({ loss: 3 }, undefined)).toBe(true);
  expect(isBetter({ psnr: 31, ssim: 0.8 }, { psnr: 30, ssim: 0.9 })).toBe(true);
  expect(isBetter({ psnr: 30 }, { psnr: 30 })).toBe(false);
  expect(isBetter({ loss: 2 }, { loss: 3 })).toBe(true);
  expect(isBetter({ loss: 3 }, { loss: 3 })).toBe(false);
  // A run that was measured otherwise before cannot be compared with.
  expect(isBetter({ psnr: 30 }, { loss: 3 })).toBe(false);
});

test('weights are worse than their input where nothing that was measured became better', () => {
  const scores = { psnr: 24, inputPsnr: 28.4 };
  expect(nothingGained(scores, 'upscale', 'run/weights.safetensors', undefined)).toBe(
    'No weights of this run enlarged the pictures of the validation better than bicubic does (24.00 dB, bicubic 28.40 dB): none are kept as the best, and run/weights.safetensors holds the last ones; what is trained for looks rather than for PSNR shows its worth with `validationLpips`',
  );
  const best = { path: 'run/best.safetensors', step: 20 };
  const perceived = { ...scores, lpips: 0.4, inputLpips: 0.35 };
  expect(nothingGained(perceived, 'upscale', 'run/weights.safetensors', best)).toBe(
    'The last weights have not enlarged the pictures of the validation better than bicubic does (24.00 dB and LPIPS 0.4000, bicubic 28.40 dB and LPIPS 0.3500): run/best.safetensors holds those of step 20, which did',
  );
  expect(isWorseThanInput({ psnr: 30 })).toBe(false);
  expect(isWorseThanInput({ psnr: 30, inputPsnr: 29 })).toBe(false);
  expect(isWorseThanInput({ psnr: 29, inputPsnr: 29 })).toBe(true);
  expect(isWorseThanInput({ psnr: 28, inputPsnr: 29, lpips: 0.1, inputLpips: 0.3 })).toBe(false);
  expect(isWorseThanInput({ psnr: 28, inputPsnr: 29, lpips: 0.3, inputLpips: 0.3 })).toBe(true);
});
