import { describe, expect, test } from 'vitest';
import { compile } from '#src/compile/index.js';
import {
  clipImage,
  clipReach,
  clipStages,
  clipStageWidth,
  featureDiscriminator,
} from '#src/networks/index.js';
import { declareParameters, initialiseParameters, scopeOf } from '#src/nn/index.js';
import {
  clipIqa,
  combineTerms,
  reachOfLook,
  sfdIqa,
  type SfdIqaConfig,
  type SfdRule,
  sfdRuleDefault,
  statisticsOf,
} from '#src/quality/index.js';
import { constant, gradientsOf, grouped, input, sum, type TensorValue, trace } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { imageParameters, randomValue, small } from '../networks/small-clip.js';
import { refusal } from '../weights/files.js';

const cpu = cpuRuntime();
const feature = { layers: ['layer2', 'layer3'] as const, hidden: 8, scales: [0.5, 1.5] };
const heads = initialiseParameters(
  declareParameters(
    (scope) => {
      const shown = feature.layers.map((layer) => [
        layer,
        input(layer, [1, clipStageWidth(small, layer), 1, 1]),
      ]);
      return featureDiscriminator(feature)(scope, Object.fromEntries(shown));
    },
    [1],
  ),
  4,
);
const directions = randomValue([2, small.embed_dim], 8);
const config: SfdIqaConfig = { clip: small, feature, promptScale: 3 };

/** Pictures in [0, 1]. */
function pictures(count: number, side: number): TensorValue {
  const value = randomValue([count, 3, side, side], 12);
  const data = Float32Array.from(value.data, (x: number | bigint) => 0.5 + 0.15 * Number(x));
  return { ...value, data };
}

/** Scores of pictures, and how they change with them. */
async function scored(x: TensorValue, changes: Partial<SfdIqaConfig> = {}) {
  const program = trace(({ input: fed, inputs }) => {
    const parameters = {
      clip: scopeOf(inputs('clip', imageParameters)),
      feature: scopeOf(inputs('feature', heads)),
      directions: fed('directions', directions.shape),
    };
    const shown = fed('x', x.shape);
    const scores = sfdIqa({ ...config, ...changes }, sfdRuleDefault)(parameters, shown);
    const [gradient = shown] = gradientsOf(sum(scores), [shown]);
    return { scores, gradient };
  });
  const fed = { ...grouped('clip', imageParameters), ...grouped('feature', heads), directions, x };
  const { scores, gradient } = await run(cpu(), program, fed);
  return {
    scores: Array.from(scores?.data ?? [], Number),
    gradient: Array.from(gradient?.data ?? [], Number),
  };
}

describe('SFD-IQA as a tensor program', () => {
  test('leaves no row of a picture out: other sides than multiples of 32 are refused', async () => {
    await expect(scored(pictures(1, 48))).rejects.toThrow('multiples of 32, got 48×48');
  });

  test('gives each picture of a batch the score that it has alone', async () => {
    const both = pictures(2, 64);
    const { scores } = await scored(both);
    const half = both.data.length / 2;
    for (const index of [0, 1]) {
      const data = Float32Array.from(both.data.slice(index * half, (index + 1) * half), Number);
      const alone = await scored({ data, shape: [1, 3, 64, 64], dtype: 'float32' });
      expect(alone.scores[0]).toBeCloseTo(scores[index] ?? Number.NaN, 6);
    }
    expect(Math.abs((scores[0] ?? 0) - (scores[1] ?? 0))).toBeGreaterThan(1e-6);
  });

  test.each([{}, { promptInput: 'resized' } as const])('rises along its gradient, %j', async (changes) => {
    const x = pictures(1, 96);
    const { scores, gradient } = await scored(x, changes);
    const length = Math.hypot(...gradient);
    expect(length).toBeGreaterThan(0);
    const step = 0.05;
    const moved = (sign: number): TensorValue => ({
      ...x,
      data: Float32Array.from(x.data, Number).map(
        (value, i) => value + (sign * step * (gradient[i] ?? 0)) / length,
      ),
    });
    const [up, down] = [await scored(moved(1), changes), await scored(moved(-1), changes)];
    const [above = 0, below = 0, middle = 0] = [up.scores[0], down.scores[0], scores[0]];
    expect(above).toBeGreaterThan(middle);
    expect(below).toBeLessThan(middle);
    expect((above - below) / (2 * step) / length).toBeCloseTo(1, 1);
  });
});

test('CLIP-IQA is the mean of its pairs’ softmax', async () => {
  const x = pictures(1, 64);
  const both = trace(({ input: fed, inputs }) => {
    const scope = scopeOf(inputs('clip', imageParameters));
    const shown = fed('x', x.shape);
    const of = (rows: number, start: number) =>
      clipIqa(small, 7)(
        scope,
        constant(
          Float32Array.from(
            directions.data.slice(start * small.embed_dim, (start + rows) * small.embed_dim),
            Number,
          ),
          [rows, small.embed_dim],
        ),
        shown,
      );
    return { both: of(2, 0), first: of(1, 0), second: of(1, 1) };
  });
  const scores = await run(cpu(), both, { ...grouped('clip', imageParameters), x });
  const [mean = 0, first = 0, second = 0] = ['both', 'first', 'second'].map((name) =>
    Number(scores[name]?.data[0]),
  );
  expect(mean).toBeCloseTo((first + second) / 2, 6);
  expect(Math.abs(first - second)).toBeGreaterThan(1e-4);
});

describe('rules', () => {
  const terms = {
    featureByPosition: 0.6,
    featureByPicture: 0.7,
    featureLogit: 2,
    prompt: 0.2,
    promptLogit: -1,
  };
  const statistics = {
    featureByPosition: { mean: 0.5, deviation: 0.1 },
    featureLogit: { mean: 1, deviation: 2 },
    prompt: { mean: 0.3, deviation: 0.2 },
    promptLogit: { mean: -2, deviation: 4 },
  };
  const known = Object.fromEntries(
    Object.entries(terms).map(([name, value]) => [name, constant(Float32Array.of(value), [1])]),
  );

  test.each<readonly [Partial<SfdRule>, number]>([
    [{}, 0.4],
    [{ sigmoid: 'picture' }, 0.45],
    [{ combine: 'product' }, 0.12],
    [{ combine: 'weighted', featureWeight: 0.25 }, 0.3],
    [{ statistics }, (1 - 0.5) / 2],
    [{ combine: 'weighted', featureWeight: 0.75, statistics }, 0.75 - 0.25 * 0.5],
    [{ combine: 'logits', statistics }, 0.5 + 0.25],
  ])('%j', async (changes, expected) => {
    const program = trace(() => ({ score: combineTerms(known, { ...sfdRuleDefault, ...changes }) }));
    const executable = await cpu().load(compile(program));
    const { fetched } = await executable.run({});
    await executable.release();
    expect(Number(fetched['score']?.data[0])).toBeCloseTo(expected, 6);
  });

  test('have no product of standardised terms, nor logits as they are', () => {
    expect(() => combineTerms(known, { ...sfdRuleDefault, combine: 'product', statistics })).toThrow(
      RangeError,
    );
    expect(() => combineTerms(known, { ...sfdRuleDefault, combine: 'logits' })).toThrow(RangeError);
    expect(() => combineTerms({}, sfdRuleDefault)).toThrow(RangeError);
  });

  test('are standardised by means and population deviations', async () => {
    const measured = statisticsOf([{ prompt: 1 }, { prompt: 3 }, { prompt: 5 }], ['prompt']);
    expect(measured.prompt?.mean).toBe(3);
    expect(measured.prompt?.deviation).toBeCloseTo(Math.sqrt(8 / 3), 12);
    expect(await refusal(() => statisticsOf([{ prompt: 1 }], ['prompt']))).toMatch(/at least two/);
    expect(await refusal(() => statisticsOf([{ prompt: 1 }, { prompt: 1 }], ['prompt']))).toMatch(
      /the same for all/,
    );
  });
});

describe('how far CLIP looks', () => {
  test('is what a bright pixel shows at each stage', async () => {
    // With weights that are all positive and no biases, a black picture stays black but where it depends on the one bright pixel.
    const parameters = Object.fromEntries(
      Object.entries(imageParameters).map(([key, { data, shape, dtype }]) => [
        key,
        {
          data: new Float32Array(data.length).fill(key.endsWith('bias') ? 0 : 1 / data.length),
          shape,
          dtype,
        },
      ]),
    );
    const [height, width] = [32, 384];
    for (const stage of clipStages) {
      const program = trace(({ input: fed, inputs }) => {
        const features = clipImage(small)(
          scopeOf(inputs('clip', parameters)),
          fed('x', [32, 3, height, width]),
        );
        return { seen: features[stage] };
      });
      const data = new Float32Array(32 * 3 * height * width);
      const middle = 192;
      for (let i = 0; i < 32; i++) data[i * 3 * height * width + middle + i] = 1e30;
      const x: TensorValue = { data, shape: [32, 3, height, width], dtype: 'float32' };
      const { seen } = await run(cpu(), program, { ...grouped('clip', parameters), x });
      const [, channels = 1, rows = 1, columns = 1] = seen?.shape ?? [];
      const stride = width / columns;
      let reach = 0;
      for (const [i, value] of (seen?.data ?? []).entries()) {
        if (value === 0) continue;
        const bright = middle + Math.floor(i / (channels * rows * columns));
        reach = Math.max(reach, Math.abs((i % columns) * stride - bright));
      }
      expect(reach, stage).toBe(clipReach(small, stage));
    }
  });

  test('of a look is that of the deepest stage that is wanted', () => {
    expect(reachOfLook({ clip: small }, false)).toBe(0);
    expect(reachOfLook({ clip: small }, true)).toBe(clipReach(small, 'layer4'));
    expect(reachOfLook({ clip: small, feature }, false)).toBe(clipReach(small, 'layer3'));
    const wide = { ...feature, depth: 4, kernel: 3 } as const;
    expect(reachOfLook({ clip: small, feature: wide }, false)).toBe(clipReach(small, 'layer3') + 2 * 16);
  });
});
