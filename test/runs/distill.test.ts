import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { plainInference, sdap } from '#src/denoise/index.js';
import { readPicture, writePicture } from '#src/images/index.js';
import {
  distill,
  type DistillOptions,
  loadDenoiserWeights,
  openDenoiser,
  saveDenoiserWeights,
  trainDenoiser,
} from '#src/api/index.js';
import { createApplier } from '#src/apply/apply-denoiser.js';
import { teacherTargets } from '#src/runs/student/teacher-targets.js';
import type { Progress } from '#src/apply/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { largestDifference, noisyPicture, randomDenoiser } from '../models/denoisers.js';

const cpu = cpuRuntime();
const path = temporaryFolder();
const teacher = randomDenoiser(8, 1);
let files: readonly string[] = [];

beforeAll(async () => {
  files = [path('a.png'), path('b.png'), path('grey.png')];
  await writePicture(path('a.png'), noisyPicture(70, 66));
  await writePicture(path('b.png'), noisyPicture(64, 80));
  await writePicture(path('grey.png'), noisyPicture(66, 64, { channels: 1 }));
  // So far from the truth that a student of a few steps is better.
  const stripes = Float32Array.from({ length: 3 * 4096 }, (_, i) => i % 2);
  await writePicture(path('pair_noisy.png'), noisyPicture(64, 64, { data: stripes }));
  await writePicture(
    path('pair_clean.png'),
    noisyPicture(64, 64, { data: new Float32Array(3 * 4096).fill(0.5) }),
  );
  await saveDenoiserWeights(path('teacher.safetensors'), teacher);
});

const small = (run: string, changes: Partial<DistillOptions> = {}): DistillOptions => ({
  pictures: files,
  teacher: path('teacher.safetensors'),
  variants: ['pd1', 'pd2+enhanced'],
  baseChannels: 4,
  patch: 32,
  steps: 12,
  device: 'cpu',
  threads: 1,
  output: path(run),
  ...changes,
});

describe('the results of a teacher', () => {
  test('lie over the noisy picture, each as the teacher gives it, to 16 bits', async () => {
    const variants = [
      { options: plainInference, keepDetail: true, draw: 0 },
      { options: { ...plainInference, enhance: true }, keepDetail: false, draw: 0 },
    ];
    const rasters = await teacherTargets(cpu(), files, { teacher, method: sdap, variants, seed: 0 });
    expect(rasters.map(({ channels, width, height }) => [channels, width, height])).toEqual([
      [9, 70, 66],
      [9, 64, 80],
      [9, 66, 64],
    ]);
    const [first] = rasters;
    const planes = Float32Array.from(first?.samples ?? [], (x) => x / 65_535);
    const picture = await readPicture(path('a.png'));
    const length = 3 * 70 * 66;
    expect(planes.slice(0, length)).toEqual(picture.data);
    for (const [k, { options, keepDetail }] of variants.entries()) {
      const applier = createApplier(cpu(), teacher, sdap, { ...options, keepDetail });
      const result = await applier.apply(picture);
      await applier.close();
      const stored = planes.slice((k + 1) * length, (k + 2) * length);
      expect(largestDifference(stored, result.data)).toBeLessThan(1 / 65_535);
    }
    const grey = rasters[2]?.samples ?? new Uint16Array();
    const area = 66 * 64;
    for (let k = 0; k < 3; k++) {
      expect(grey.slice((3 * k + 1) * area, (3 * k + 2) * area)).toEqual(
        grey.slice(3 * k * area, (3 * k + 1) * area),
      );
    }
  });
});

describe('distilling', () => {
  test('is measured on pairs, keeps the best weights and draws samples', async () => {
    const validations: number[] = [];
    const { best, weights } = await distill(
      small('validated', {
        validationNoisy: path('pair_noisy.png'),
        validationClean: path('pair_clean.png'),
        validateEvery: 6,
        onProgress: (progress) => {
          if (progress.kind === 'validation') validations.push(progress.psnr ?? Number.NaN);
        },
      }),
    );
    expect(validations).toHaveLength(2);
    expect(best?.psnr).toBe(Math.max(...validations));
    expect(weights.record.validationPsnr).toBe(validations[1]);
    expect(await readdir(path('validated'))).toEqual(
      expect.arrayContaining(['best.safetensors', 'weights.safetensors', 'samples']),
    );
  });

  test('without pairs is measured by its distance from the teacher, with and without a stop alike', async () => {
    const whole = await distill(small('measured', { validateEvery: 4 }));
    expect(whole.best?.loss).toBeGreaterThan(0);
    const controller = new AbortController();
    await distill(
      small('measured-in-two', {
        validateEvery: 4,
        signal: controller.signal,
        onProgress: (progress) => {
          if (progress.kind === 'training' && progress.step === 6) controller.abort();
        },
      }),
    );
    const resumed = await distill({ resume: path('measured-in-two'), device: 'cpu', threads: 1 });
    expect(resumed.best).toEqual({ ...whole.best, path: path('measured-in-two/best.safetensors') });
    expect(resumed.weights.record.validationLoss).toBe(whole.weights.record.validationLoss);
  });

  test('refuses noisy pictures to validate on without their clean ones, before it makes a folder', async () => {
    const line = await refusal(() => distill(small('unpaired', { validationNoisy: path('a.png') })));
    expect(line).toMatch(/`validationNoisy` needs `validationClean`/);
    expect(await readdir(path('.'))).not.toContain('unpaired');
  });

  test('teaches a student, and writes a run and weights that denoise in one pass without learning', async () => {
    const seen: Progress[] = [];
    const {
      path: file,
      steps,
      finished,
    } = await distill(
      small('run', { steps: 60, learningRate: 3e-3, onProgress: (progress) => seen.push(progress) }),
    );
    expect([steps, finished]).toEqual([60, true]);
    expect(await readdir(path('run'))).toEqual(
      expect.arrayContaining(['checkpoints', 'config.json', 'metrics.jsonl', 'weights.safetensors']),
    );
    const losses = seen.flatMap((progress) => (progress.kind === 'training' ? [progress.loss] : []));
    const mean = (part: readonly number[]): number => part.reduce((sum, x) => sum + x, 0) / part.length;
    expect(mean(losses.slice(-10))).toBeLessThan(0.7 * mean(losses.slice(0, 5)));
    expect(seen.filter(({ kind }) => kind === 'denoising')).toHaveLength(6);

    const weights = await loadDenoiserWeights(file);
    expect(weights.method).toBe('distilled');
    expect(weights.licence).toBe('CC0-1.0');
    expect(weights.record.startedFrom).toContain('sdap: pd1, pd2+enhanced');
    const notes: Progress[] = [];
    const denoising = await openDenoiser({
      learnFrom: [path('a.png')],
      weights: file,
      device: 'cpu',
      keepDetail: false,
      onProgress: (progress) => notes.push(progress),
    });
    const result = await denoising.denoise(path('a.png'));
    await denoising.close();
    expect([result.width, result.height]).toEqual([70, 66]);
    expect(notes.filter(({ kind }) => kind === 'training')).toEqual([]);
  });

  test('goes on after a stop to the same numbers, with recharging too', async () => {
    const whole = await distill(small('whole', { recharge: true }));
    const stop = new AbortController();
    const stopped = await distill(
      small('halves', {
        recharge: true,
        signal: stop.signal,
        onProgress: (progress) => {
          if (progress.kind === 'training' && progress.step === 5) stop.abort();
        },
      }),
    );
    expect(stopped.finished).toBe(false);
    expect(stopped.steps).toBeLessThan(12);
    const resumed = await distill({ resume: path('halves'), device: 'cpu', threads: 1 });
    expect(resumed.steps).toBe(12);
    expect(resumed.weights.parameters).toEqual(whole.weights.parameters);
    const plain = await distill(small('plain'));
    expect(plain.weights.parameters).not.toEqual(whole.weights.parameters);
  });

  test('refuses in one line what it cannot do', async () => {
    expect(await refusal(() => distill(small('x', { variants: ['masks3'] })))).toContain('masks3');
    expect(await refusal(() => distill(small('x', { patch: 40 })))).toBe(
      '`patch` must be a multiple of 32 for distilled with student, got 40',
    );
    expect(await refusal(() => distill(small('x', { teacher: path('gone.safetensors') })))).toContain('gone');
    const { teacher: _, ...without } = small('x');
    expect(await refusal(() => distill(without))).toContain('teacher');
    await distill(small('short', { steps: 1 }));
    expect(await refusal(() => trainDenoiser({ resume: path('short') }))).toContain(
      'another kind of training',
    );
  });
});
