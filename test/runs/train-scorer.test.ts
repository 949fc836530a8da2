import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { writePicture } from '#src/images/index.js';
import { loadScorerWeights, openScorer, trainScorer, type TrainScorerOptions } from '#src/api/index.js';
import { drawPlanes } from '../upscale/drawing.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';

const path = temporaryFolder();

beforeAll(async () => {
  for (const [name, width, height] of [
    ['a', 120, 100],
    ['b', 96, 130],
    ['held', 100, 100],
  ] as const)
    await writePicture(path(`${name}.png`), {
      ...drawPlanes(width, height),
      ...{ channels: 3, bitDepth: 8, format: 'png', metadata: {} },
    });
});

const options = (run: string, changes: Partial<TrainScorerOptions> = {}): TrainScorerOptions => ({
  pictures: [path('a.png'), path('b.png')],
  ...{ baseChannels: 4, patch: 64, batch: 2, steps: 6, device: 'cpu', threads: 1 },
  output: path(run),
  ...changes,
});

describe('training a scorer', () => {
  test('measures the order of pictures that are held out, and gives weights that score', async () => {
    const {
      weights,
      best,
      path: file,
    } = await trainScorer(options('measured', { validation: path('held.png') }));
    expect(best?.ranking).toBeGreaterThan(0);
    expect(best?.ranking).toBeLessThanOrEqual(1);
    expect(weights.record.validationRanking).toBeGreaterThan(0);
    const loaded = await loadScorerWeights(file);
    expect(loaded.description.config).toEqual({ channels: 4 });
    const scorer = await openScorer({ weights: loaded, device: 'cpu', threads: 1 });
    const { score } = await scorer.score(noisyPicture(80, 70));
    await scorer.close();
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThan(100);
  });

  beforeAll(() => trainScorer(options('whole')));

  test('that is stopped and goes on ends with the same file', async () => {
    const stop = new AbortController();
    const part = await trainScorer(
      options('stopped', {
        signal: stop.signal,
        onProgress: (progress) => {
          if (progress.kind === 'training' && progress.step === 2) stop.abort();
        },
      }),
    );
    expect(part.finished).toBe(false);
    await trainScorer({ resume: path('stopped'), device: 'cpu', threads: 1 });
    const [whole, stopped] = await Promise.all(
      ['whole', 'stopped'].map((run) => readFile(path(run, 'weights.safetensors'))),
    );
    expect(stopped?.equals(whole ?? Buffer.alloc(0))).toBe(true);
  });

  test('learns: the loss of damaged drawings falls', async () => {
    await trainScorer(options('learns', { steps: 120, learningRate: 2e-3, validateEvery: 120 }));
    const lines = (await readFile(path('learns', 'metrics.jsonl'), 'utf8')).trim().split('\n');
    const losses = lines.map((line): number => JSON.parse(line).loss);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-30))).toBeLessThan(0.95 * mean(losses.slice(0, 30)));
  });

  test('goes on from the weights of a run, whose size it has', async () => {
    const { baseChannels, ...others } = options('second', { steps: 1, from: path('whole') });
    const { weights } = await trainScorer(others);
    expect(baseChannels).toBe(4);
    expect(weights.record.startedFrom).toBe(path('whole', 'weights.safetensors'));
    expect(await refusal(() => trainScorer(options('third', { from: path('whole') })))).toContain(
      'baseChannels',
    );
  });

  test('refuses patches that are no multiple of the stride, and those that are too small to be scored', async () => {
    expect(await refusal(() => trainScorer(options('odd', { patch: 50 })))).toContain('multiple of 32');
    expect(await refusal(() => trainScorer(options('small', { patch: 32 })))).toContain('at least 64');
  });
});
