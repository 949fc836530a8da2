import { describe, expect, test } from 'vitest';
import {
  adam,
  applyNetwork,
  convolution,
  createRandom,
  declareParameters,
  initialiseParameters,
  isSpectralVector,
  type Network,
  powerIterated,
  scopeOf,
  spectralConvolution,
} from '#src/nn/index.js';
import type { StateGroups, TrainingPlan } from '#src/training/index.js';
import {
  type AdversarialObjective,
  createAdversarialTrainer,
  initialState,
  train,
} from '#src/training/index.js';
import type { Tensor, TensorRecord, TensorValue } from '#src/tensor/index.js';
import { gradientsOf, input, l1Loss, add, mean, upsampleNearest } from '#src/tensor/index.js';
import { accuracy, deceptionLoss, saturation, verdictLoss } from '#src/upscale/index.js';
import { constantSchedule } from '#src/nn/index.js';
import { cpuRuntime } from '../compile/running.js';
import { interpret } from '../tensor/interpreter.js';
import { refusal } from '../weights/files.js';

const cpu = cpuRuntime();

/** Enlarges by 2. */
const network: Network = (scope, x) =>
  upsampleNearest(convolution(scope.at('a'), x, 3, 3, { padding: 1 }), 2);

const judge = (scope: Parameters<Network>[0], x: Tensor): Tensor =>
  spectralConvolution(scope.at('d'), x, 1, 3);

const generator = initialiseParameters(declareParameters(network, [1, 3, 4, 4]), 1);
const judged = Object.entries(initialiseParameters(declareParameters(judge, [1, 3, 8, 8]), 2));

const values = (seed: number, shape: readonly number[]): TensorValue => {
  const random = createRandom(seed);
  const length = shape.reduce((a, b) => a * b, 1);
  return { data: Float32Array.from({ length }, () => random.uniform()), shape, dtype: 'float32' };
};

/** A game about pictures of 8². */
function game(from = 0, spoilt = Number.POSITIVE_INFINITY): AdversarialObjective {
  const verdicts = (own: TensorRecord, other: TensorRecord, real: Tensor, fake: Tensor) => ({
    real: [judge(scopeOf(own), real)],
    fake: [judge(scopeOf(other), fake)],
  });
  let next = from;
  return {
    inputs: { low: { shape: [2, 3, 4, 4] }, high: { shape: [2, 3, 8, 8] } },
    opponents: {
      judge: {
        optimiser: adam(),
        rate: 2,
        parameters: Object.fromEntries(judged.filter(([key]) => !isSpectralVector(key))),
        buffers: Object.fromEntries(judged.filter(([key]) => isSpectralVector(key))),
      },
    },
    frozen: { 'some/shift': values(7, [1]) },
    generate({ generator: weights, opponents, frozen }, { low, high }) {
      if (low === undefined || high === undefined) throw new Error('no pair');
      const own = opponents['judge'] ?? {};
      const made = applyNetwork(network, weights, low);
      const pixel = l1Loss(made, high);
      const loss = add(pixel, deceptionLoss(verdicts(own, own, high, made), 'vanilla'));
      const [slope = made] = gradientsOf(loss, [made]);
      return {
        ...{ made, slope, loss },
        numbers: { pixel, shift: mean(frozen['some/shift'] ?? made) },
        seen: { made, high },
      };
    },
    oppose({ opponents }, { made, high }) {
      if (made === undefined || high === undefined) throw new Error('nothing was seen');
      const first = powerIterated(opponents['judge'] ?? {});
      const second = powerIterated(first);
      const both = verdicts(first, second, high, made);
      const buffers = Object.entries(second).filter(([key]) => isSpectralVector(key));
      return {
        losses: { judge: verdictLoss(both, 'vanilla') },
        numbers: { accuracy: accuracy(both, 'vanilla') },
        buffers: { judge: Object.fromEntries(buffers) },
      };
    },
    feeds: async (step) => {
      expect(step).toBe(next++);
      const low = values(100 + step, [2, 3, 4, 4]);
      if (step >= spoilt) low.data[0] = Number.NaN;
      return { low, high: values(200 + step, [2, 3, 8, 8]) };
    },
  };
}

const plan = (changes: Partial<TrainingPlan> = {}): TrainingPlan => ({
  objective: game(),
  optimiser: adam(),
  schedule: constantSchedule(1e-2),
  budget: { steps: 6 },
  averageDecay: 0,
  start: generator,
  ...changes,
});

const numbersOf = (state: StateGroups<TensorValue>): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(state).flatMap(([kind, group]) =>
      Object.entries(group).map(([key, { data }]) => [`${kind}/${key}`, Array.from(data, Number)]),
    ),
  );

describe('a game', () => {
  test('moves the generator and its opponents, and the spectral vectors with them', async () => {
    const trainer = await createAdversarialTrainer(cpu(), game(), adam(), initialState(adam(), generator));
    const before = numbersOf(await trainer.read());
    const feeds = await game().feeds(0);
    const { loss, gradientNorm, numbers } = await trainer.step(feeds, {
      ...{ learningRate: 1e-2, step: 1, decay: 0 },
    });
    const after = numbersOf(await trainer.read());
    await trainer.close();
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    for (const key of [
      'parameter/a.weight',
      'opponent.judge.parameter/d.weight_orig',
      'opponent.judge.m/d.weight_orig',
      'opponent.judge.buffer/d.weight_v',
    ])
      expect(after[key], key).not.toEqual(before[key]);
    expect(loss).toBeGreaterThan(0);
    expect(gradientNorm).toBeGreaterThan(0);
    expect(Object.keys(numbers ?? {}).sort()).toEqual([
      'accuracy',
      'judgeGradientNorm',
      'judgeLoss',
      'pixel',
      'shift',
    ]);
    // Adam's first step is as long as the rate: the opponent's is twice the generator's.
    const moved = (key: string): number => Math.abs((after[key]?.[0] ?? 0) - (before[key]?.[0] ?? 0));
    expect(moved('parameter/a.bias')).toBeCloseTo(1e-2, 4);
    expect(moved('opponent.judge.parameter/d.bias')).toBeCloseTo(2e-2, 4);
  });

  test('the vectors follow the weights, and stay of length 1', async () => {
    const { tensors } = await train(cpu(), plan());
    for (const [key, { data }] of Object.entries(tensors['opponent.judge.buffer'] ?? {})) {
      expect(Math.hypot(...Array.from(data, Number)), key).toBeCloseTo(1, 5);
      const first = judged.find(([name]) => name === key)?.[1].data ?? [];
      if (data.length > 1) expect(Array.from(data, Number), key).not.toEqual(Array.from(first, Number));
    }
  });

  test('verdicts are counted as the loss looks at them', () => {
    const shape = [1, 1, 1, 2];
    const both = { real: [input('real', shape)], fake: [input('fake', shape)] };
    const feeds = { real: Float64Array.of(15, 16), fake: Float64Array.of(4, 5) };
    const [plain, relative] = interpret([accuracy(both, 'vanilla'), accuracy(both, 'relativistic')], feeds);
    expect(plain?.data[0]).toBe(0.5);
    expect(relative?.data[0]).toBe(1);
    const [flat, flatter] = interpret([saturation(both, 'vanilla'), saturation(both, 'relativistic')], feeds);
    expect(flat?.data[0]).toBe(0.5);
    expect(flatter?.data[0]).toBe(1);
  });

  test('that is stopped and goes on ends with the same numbers', async () => {
    const whole = await train(cpu(), plan());
    const half = await train(cpu(), plan({ budget: { steps: 3 } }));
    const rest = await train(cpu(), plan({ start: half, objective: game(3) }));
    expect(numbersOf(rest.tensors)).toEqual(numbersOf(whole.tensors));
  });

  test('tells its numbers after every step', async () => {
    const seen: number[] = [];
    await train(
      cpu(),
      plan({
        onStep: ({ numbers }) => {
          seen.push(numbers?.['accuracy'] ?? Number.NaN);
        },
      }),
    );
    expect(seen).toHaveLength(6);
    for (const share of seen) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });

  test('that goes wrong saves its last good state, and says so', async () => {
    const saved: { step: number; numbers: Record<string, number[]> }[] = [];
    const line = await refusal(() =>
      train(
        cpu(),
        plan({
          objective: game(0, 3),
          onCheckpoint: async ({ step, tensors }) => {
            saved.push({ step, numbers: numbersOf(tensors) });
          },
        }),
      ),
    );
    expect(line).toMatch(/diverged at step 4/);
    const good = await train(cpu(), plan({ budget: { steps: 3 } }));
    expect(saved).toEqual([{ step: 3, numbers: numbersOf(good.tensors) }]);
  });
});
