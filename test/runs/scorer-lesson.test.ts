import { beforeAll, describe, expect, test } from 'vitest';
import { writePicture } from '#src/images/index.js';
import { scorerArchitecture } from '#src/networks/index.js';
import { rightOrders, scorerData, scorerObjective, VERSIONS } from '#src/quality/index.js';
import { gradedMaker } from '#src/runs/scorer/graded-batches.js';
import { createGradedSource } from '#src/runs/scorer/graded-source.js';
import { concat, mean, multiply, subtract, trace } from '#src/tensor/index.js';
import { listedBatches } from '#src/training/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { noisyPicture } from '../models/denoisers.js';
import { refusal, temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();
const cpu = cpuRuntime();
let files: readonly string[] = [];

beforeAll(async () => {
  files = [path('a.png'), path('b.png')];
  await writePicture(path('a.png'), noisyPicture(120, 90));
  await writePicture(path('b.png'), noisyPicture(96, 110));
  await writePicture(path('tiny.png'), noisyPicture(30, 200));
});

const request = (changes = {}) => ({
  ...{ files, pictures: [], rasters: [], maxBytes: 2 ** 26 },
  ...{ patch: 64, batch: 2, seed: 3, augment: true, ...changes },
});

describe('graded pictures', () => {
  test('are an original, a little and much of the same flaws, and others, each with its damage', async () => {
    const make = await gradedMaker(request());
    const sums = [0, 0, 0, 0];
    for (let step = 0; step < 8; step++) {
      const { pictures, damages } = await make(step);
      expect(pictures.length).toBe(2 * VERSIONS * 3 * 64 * 64);
      // Eight bits, as files have them.
      expect(pictures.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-3)).toBe(true);
      for (const [i, found] of damages.entries()) sums[i % VERSIONS] = (sums[i % VERSIONS] ?? 0) + found;
    }
    const [original = 1, little = 0, much = 0, other = 0] = sums;
    expect(original).toBeLessThan(0.5 * little);
    expect(little).toBeLessThan(0.9 * much);
    expect(original).toBeLessThan(0.5 * other);
  });

  test('depend on seed, step and files alone', async () => {
    const source = await createGradedSource({ ...request(), startStep: 2 });
    try {
      const started = await source.next();
      const made = await (await gradedMaker(request()))(2);
      expect(started.step).toBe(2);
      expect(started.pictures).toEqual(made.pictures);
      expect(started.damages).toEqual(made.damages);
      const other = await (await gradedMaker(request({ seed: 4 })))(2);
      expect(other.damages).not.toEqual(made.damages);
    } finally {
      await source.close();
    }
  });

  test('leave out files that are smaller than a patch', async () => {
    const source = await createGradedSource({ ...request(), files: [...files, path('tiny.png')] });
    await source.close();
    expect(source.skipped).toBe(1);
    expect(await refusal(() => createGradedSource({ ...request(), files: [path('tiny.png')] }))).toContain(
      'smaller than a patch of 64×64',
    );
  });
});

test('pairs count where their damages differ visibly', () => {
  expect(rightOrders([9, 5, 6], [0, 0.5, 0.55])).toEqual({ right: 2, pairs: 2 });
  expect(rightOrders([5, 9, 1], [0, 0.5, 1])).toEqual({ right: 2, pairs: 3 });
});

test('the lesson is the ranking, the grading and the telling of the equations', async () => {
  // A network without parameters: its quality is the mean of the picture less 1, its logit twice that, its attention 0.
  const size = { batch: 1, patch: 4 };
  const light = [0.9, 0.75, 0.3, 0.5];
  const damages = Float32Array.of(0, 0.2, 0.9, 0.4);
  const objective = scorerObjective({
    network: (_, x) => {
      const z = subtract(mean(x, { axes: [1, 2, 3], keepAxes: true }), 1);
      return concat([z, multiply(z, 2), multiply(z, 0)], 1);
    },
    size,
  });
  const pictures = Float32Array.from({ length: 4 * 48 }, (_, i) => light[Math.floor(i / 48)] ?? 0);
  const data = scorerData(listedBatches([{ step: 0, pictures, damages }]), size);
  const feeds = await data.at(0);
  const program = trace(({ input }) => ({
    loss: objective.loss(
      {},
      Object.fromEntries(
        Object.entries(objective.inputs).map(([name, { shape }]) => [name, input(name, shape)]),
      ),
    ),
  }));
  const { loss } = await run(cpu(), program, feeds);

  const sigma = (x: number): number => 1 / (1 + Math.exp(-x));
  const entropy = (p: number, logit: number): number =>
    -p * Math.log(sigma(logit)) - (1 - p) * Math.log(1 - sigma(logit));
  const z = light.map((value) => value - 1);
  const average = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const pairs = z.flatMap((a, i) =>
    z.flatMap((b, j) =>
      i === j ? [] : [entropy(sigma(4 * ((damages[j] ?? 0) - (damages[i] ?? 0))), 4 * (a - b))],
    ),
  );
  const grading = average(z.map((value, i) => (value + (damages[i] ?? 0)) ** 2));
  const telling = average(z.map((value, i) => entropy(Math.max(0, 1 - (damages[i] ?? 0) / 0.35), 2 * value)));
  expect(loss?.data[0]).toBeCloseTo(average(pairs) + 0.5 * grading + 0.25 * telling, 5);
});

test('the architecture of scorers is known by name', () => {
  expect(scorerArchitecture.ofConfig({ channels: 8 })).toMatchObject({
    architecture: 'scorer',
    multiple: 16,
  });
});
