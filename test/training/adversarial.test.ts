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
import type { DataSource, Feeds, StateGroups, TrainingPlan } from '#src/training/index.js';
import {
  type AdversarialObjective,
  type Calibration,
  createAdversarialTrainer,
  initialState,
  train,
} from '#src/training/index.js';
import type { Tensor, TensorRecord, TensorValue } from '#src/tensor/index.js';
import {
  add,
  gradientsOf,
  input,
  l1Loss,
  mean,
  multiply,
  sqrt,
  sum,
  upsampleNearest,
} from '#src/tensor/index.js';
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
function game({
  spoilt = Number.POSITIVE_INFINITY,
  calibration,
}: {
  spoilt?: number;
  calibration?: Calibration;
} = {}): AdversarialObjective & DataSource<Feeds> {
  const verdicts = (own: TensorRecord, other: TensorRecord, real: Tensor, fake: Tensor) => ({
    real: [judge(scopeOf(own), real)],
    fake: [judge(scopeOf(other), fake)],
  });
  return {
    inputs: { low: { shape: [2, 3, 4, 4] }, high: { shape: [2, 3, 8, 8] } },
    opponents: {
      judge: {
        optimiser: adam(),
        rate: 2,
        weight: 0.5,
        parameters: Object.fromEntries(judged.filter(([key]) => !isSpectralVector(key))),
        buffers: Object.fromEntries(judged.filter(([key]) => isSpectralVector(key))),
      },
    },
    frozen: { 'some/shift': { shape: [1] } },
    frozenValues: async () => ({ 'some/shift': values(7, [1]) }),
    ...(calibration === undefined ? {} : { calibration }),
    generate({ generator: learnt, opponents, weights, frozen }, { low, high }) {
      if (low === undefined || high === undefined) throw new Error('no pair');
      const own = opponents['judge'] ?? {};
      const made = applyNetwork(network, learnt, low);
      const pixel = l1Loss(made, high);
      const deception = deceptionLoss(verdicts(own, own, high, made), 'vanilla');
      const weighed = multiply(deception, weights['judge'] ?? pixel);
      const loss = add(pixel, weighed);
      const [slope = made] = gradientsOf(loss, [made]);
      const [honest = made] = gradientsOf(pixel, [made]);
      const [adversarial = made] = gradientsOf(weighed, [made]);
      const norm = (x: Tensor): Tensor => sqrt(sum(multiply(x, x)));
      return {
        ...{ made, slope, loss },
        norms: { adversarial: norm(adversarial), reference: norm(honest) },
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
    at: async (step: number) => {
      const low = values(100 + step, [2, 3, 4, 4]);
      if (step >= spoilt) low.data[0] = Number.NaN;
      return { low, high: values(200 + step, [2, 3, 8, 8]) };
    },
  };
}

type Changes = Partial<Omit<TrainingPlan, 'objective' | 'data'>> & {
  readonly objective?: ReturnType<typeof game>;
};

const plan = ({ objective = game(), ...changes }: Changes = {}): TrainingPlan => ({
  ...{ objective, data: objective },
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

const half: Calibration = { every: 0, balance: { share: 0.5, step: 3 } };

describe('a game', () => {
  test('moves the generator and its opponents, and the spectral vectors with them', async () => {
    const trainer = await createAdversarialTrainer(cpu(), game(), adam(), initialState(adam(), generator));
    const before = numbersOf(await trainer.read());
    const feeds = await game().at(0);
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
    const rest = await train(cpu(), plan({ start: half }));
    expect(numbersOf(rest.tensors)).toEqual(numbersOf(whole.tensors));
  });

  test('measures the gradient of an opponent by itself every so often', async () => {
    const seen: (number | undefined)[] = [];
    const onStep: TrainingPlan['onStep'] = ({ numbers }) => {
      seen.push(numbers?.['judgeGradient']);
    };
    const measured = await train(
      cpu(),
      plan({ objective: game({ calibration: { every: 3 } }), budget: { steps: 5 }, onStep }),
    );
    expect(seen.map((norm) => norm !== undefined && norm > 0)).toEqual([true, false, false, true, false]);
    const plain = await train(cpu(), plan({ budget: { steps: 5 } }));
    expect(numbersOf(measured.tensors)).toEqual(numbersOf(plain.tensors));
  });

  test('gives an opponent the share of the gradient that was asked for, from then on', async () => {
    const seen: Readonly<Record<string, number>>[] = [];
    const onStep: TrainingPlan['onStep'] = ({ numbers = {} }) => {
      seen.push(numbers);
    };
    const objective = game({ calibration: { every: 1, balance: { share: 0.5, step: 40 } } });
    const schedule = constantSchedule(1e-9);
    await train(cpu(), plan({ objective, onStep, schedule, budget: { steps: 44 } }));
    const weights = seen.map((numbers) => numbers['judgeWeight']);
    expect(new Set(weights.slice(0, 40))).toEqual(new Set([0.5]));
    expect(new Set(weights.slice(40)).size).toBe(1);
    // Nobody moves at this rate, the vectors have settled, and the pixels' gradient is 1 / √n whatever they are.
    const reference = 1 / Math.sqrt(2 * 3 * 8 * 8);
    for (const { judgeGradient = 0 } of seen.slice(40)) expect(judgeGradient / reference).toBeCloseTo(0.5, 1);
  });

  test('that is stopped goes on with what was measured of its weights, and with the weights', async () => {
    const objective = () => game({ calibration: half });
    const whole = await train(cpu(), plan({ objective: objective() }));
    for (const steps of [2, 4]) {
      const start = await train(cpu(), plan({ objective: objective(), budget: { steps } }));
      const rest = await train(cpu(), plan({ start, objective: objective() }));
      expect(numbersOf(rest.tensors)).toEqual(numbersOf(whole.tensors));
    }
  });

  test('keeps no average of opponents, and goes on from a state that has one', async () => {
    const { tensors, ...rest } = await train(cpu(), plan({ budget: { steps: 3 } }));
    expect(Object.keys(tensors)).not.toContain('opponent.judge.average');
    const older = { ...tensors, 'opponent.judge.average': tensors['opponent.judge.parameter'] ?? {} };
    const [now, then] = [tensors, older].map((group) =>
      train(cpu(), plan({ start: { ...rest, tensors: group } })),
    );
    expect(numbersOf((await then)?.tensors ?? {})).toEqual(numbersOf((await now)?.tensors ?? {}));
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
          objective: game({ spoilt: 3 }),
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
