import { describe, expect, test } from 'vitest';
import { adam, constantSchedule, cosineSchedule, sgd } from '#src/nn/index.js';
import type { StepReport, TrainingPlan, TrainingState } from '#src/training/index.js';
import { createTrainer, initialState, train } from '#src/training/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal } from '../weights/files.js';
import { bowl, cliff, parameterOf, taught, tinyObjective, tinyParameters } from './objectives.js';

const cpu = cpuRuntime();

/** A plan for the tiny denoiser, with changes. */
const planned = (changes: Partial<TrainingPlan> = {}): TrainingPlan => ({
  ...taught(tinyObjective()),
  optimiser: adam(),
  schedule: cosineSchedule(3e-3, { floor: 0.02 }),
  budget: { steps: 12 },
  averageDecay: 0.9,
  start: tinyParameters(),
  ...changes,
});

/** All numbers of a state, by kind and key. */
const numbersOf = ({ tensors }: TrainingState): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([kind, group]) =>
      Object.entries(group).map(([key, { data }]) => [`${kind}/${key}`, Array.from(data, Number)] as const),
    ),
  );

const numbers = (state: TrainingState, name: string): number[] => numbersOf(state)[name] ?? [];

/** Trains and keeps the reports of all steps. */
async function watched(plan: TrainingPlan): Promise<{ state: TrainingState; reports: StepReport[] }> {
  const reports: StepReport[] = [];
  const state = await train(cpu(), { ...plan, onStep: (report) => void reports.push(report) });
  return { state, reports };
}

describe('training', () => {
  test('brings the loss down on patches that repeat', async () => {
    const { reports } = await watched(
      planned({ ...taught(tinyObjective(4)), budget: { steps: 60 }, schedule: constantSchedule(3e-3) }),
    );
    const mean = (list: readonly StepReport[]): number =>
      list.reduce((sum, { loss }) => sum + loss, 0) / list.length;
    expect(reports.length).toBe(60);
    expect(mean(reports.slice(-8))).toBeLessThan(0.6 * mean(reports.slice(0, 8)));
  });

  test('does each step as the optimiser says, and follows with the average', async () => {
    // The gradient is 2(p − 3): at a rate of 0.25 each step goes half of the way.
    const { state, reports } = await watched(
      planned({
        ...taught(bowl(3)),
        optimiser: sgd(),
        schedule: constantSchedule(0.25),
        budget: { steps: 2 },
        averageDecay: 0.999,
        start: parameterOf(1, 3),
      }),
    );
    // 1 → 1 + 0.5·2 = 2 → 2.5; the average goes (1 − 0.1), then (1 − 2/11) of the way.
    expect(numbers(state, 'parameter/p')).toEqual([2.5, 3]);
    expect(numbers(state, 'average/p')[0]).toBeCloseTo(1.9 + (9 / 11) * 0.6, 6);
    expect(reports.map(({ loss }) => loss)).toEqual([4, 1]);
    expect(reports.map(({ gradientNorm }) => gradientNorm)).toEqual([4, 2]);
    expect(reports.map(({ step }) => step)).toEqual([1, 2]);
  });

  test('the decay of the average grows to what the plan says, and no further', async () => {
    const { state } = await watched(
      planned({
        ...taught(bowl(0)),
        optimiser: sgd(),
        schedule: constantSchedule(0.5),
        budget: { steps: 1 },
        averageDecay: 0.05,
        start: parameterOf(1),
      }),
    );
    expect(numbers(state, 'average/p')[0]).toBeCloseTo(0.05, 6);
  });

  test('clips the gradient to the norm that the plan says', async () => {
    const { state, reports } = await watched(
      planned({
        ...taught(bowl(0)),
        optimiser: sgd(),
        schedule: constantSchedule(1),
        budget: { steps: 1 },
        clip: 0.5,
        start: parameterOf(3, 4),
      }),
    );
    expect(reports[0]?.gradientNorm).toBe(10);
    expect(numbers(state, 'parameter/p')[0]).toBeCloseTo(3 - 0.3, 6);
    expect(numbers(state, 'parameter/p')[1]).toBeCloseTo(4 - 0.4, 6);
  });

  test('follows the schedule with the share of the budget that is used', async () => {
    const { reports } = await watched(
      planned({ budget: { steps: 4 }, schedule: (step, share) => 1e-4 * (step + 1) + share * 1e-3 }),
    );
    for (const [i, { learningRate }] of reports.entries())
      expect(learningRate).toBeCloseTo(1e-4 * (i + 1) + (i / 4) * 1e-3, 12);
  });

  test('the same start gives the same numbers', async () => {
    const [first, second] = [await train(cpu(), planned()), await train(cpu(), planned())];
    expect(numbersOf(second)).toEqual(numbersOf(first));
  });
});

describe('a run that was interrupted', () => {
  test.each([1, 5, 11])('at step %i and resumed ends with the same numbers, bit for bit', async (at) => {
    const whole = await watched(planned());
    const stop = new AbortController();
    const reports: StepReport[] = [];
    const first = await train(
      cpu(),
      planned({
        signal: stop.signal,
        onStep: (report) => {
          reports.push(report);
          if (report.step === at) stop.abort();
        },
      }),
    );
    expect(first.step).toBe(at);
    const rest = await watched(planned({ start: first }));
    expect(rest.state.step).toBe(12);
    expect(numbersOf(rest.state)).toEqual(numbersOf(whole.state));
    const told = ({ step, loss, gradientNorm, learningRate }: StepReport) => [
      step,
      loss,
      gradientNorm,
      learningRate,
    ];
    expect([...reports, ...rest.reports].map(told)).toEqual(whole.reports.map(told));
    expect(rest.state.seconds).toBeGreaterThanOrEqual(first.seconds);
  });

  test('resumes from a checkpoint as well', async () => {
    const checkpoints: TrainingState[] = [];
    const whole = await train(
      cpu(),
      planned({ checkpointEvery: 0, onCheckpoint: async (state) => void checkpoints.push(state) }),
    );
    expect(checkpoints.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const [, , , , , , at7] = checkpoints;
    if (at7 === undefined) throw new Error('there is no seventh checkpoint');
    const resumed = await train(cpu(), planned({ start: at7 }));
    expect(numbersOf(resumed)).toEqual(numbersOf(whole));
  });

  test('before it began keeps its start', async () => {
    const state = await train(cpu(), planned({ signal: AbortSignal.abort() }));
    expect(state.step).toBe(0);
    expect(numbersOf(state)).toMatchObject(
      Object.fromEntries(
        Object.entries(tinyParameters()).flatMap(([key, { data }]) => [
          [`parameter/${key}`, [...data]],
          [`average/${key}`, [...data]],
          [`m/${key}`, new Array<number>(data.length).fill(0)],
        ]),
      ),
    );
  });

  test('leaves no promise behind that fails unheard, where there is nothing left to do', async () => {
    const unheard: unknown[] = [];
    const listen = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', listen);
    try {
      const closed = async () => {
        throw new Error('the patch source is closed');
      };
      const lesson = taught({ ...bowl(1), at: closed });
      await train(cpu(), planned({ ...lesson, start: parameterOf(1), signal: AbortSignal.abort() }));
      const done = { step: 12, seconds: 1, tensors: initialState(adam(), parameterOf(1)) };
      await train(cpu(), planned({ ...lesson, start: done }));
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('unhandledRejection', listen);
    }
    expect(unheard).toEqual([]);
  });
});

describe('a budget', () => {
  test('of steps ends after as many', async () => {
    const { state, reports } = await watched(planned({ budget: { steps: 3, minutes: 1000 } }));
    expect(state.step).toBe(3);
    expect(reports.length).toBe(3);
    expect(reports.at(-1)?.remainingSeconds).toBe(0);
  });

  test('of minutes ends when they are over, earlier sessions included', async () => {
    const { state, reports } = await watched(planned({ budget: { minutes: 0.01 } }));
    expect(state.seconds).toBeGreaterThanOrEqual(0.6);
    expect(reports.length).toBe(state.step);
    expect(reports.slice(0, -1).every(({ seconds }) => seconds < 0.6)).toBe(true);
    const again = await watched(planned({ budget: { minutes: 0.01 }, start: state }));
    expect(again.reports).toEqual([]);
    expect(again.state.step).toBe(state.step);
  });

  test.each([
    [{}, /budget/],
    [{ steps: 0 }, /steps.*got 0/],
    [{ steps: 1.5 }, /steps.*got 1\.5/],
    [{ minutes: 0 }, /minutes.*got 0/],
    [{ minutes: Number.NaN }, /minutes.*NaN/],
    [{ minutes: Number.POSITIVE_INFINITY }, /minutes.*Infinity/],
  ])('of %o is refused', async (budget, message) => {
    expect(await refusal(() => train(cpu(), planned({ budget })))).toMatch(message);
  });
});

describe('when the loss is no number any more', () => {
  test('training stops with one line that says what to do', async () => {
    const line = await refusal(() => train(cpu(), planned({ schedule: constantSchedule(1e30) })));
    expect(line).toMatch(/diverged at step \d+.*learning rate/);
  });

  test('the parameters stay finite', async () => {
    const objective = cliff();
    const start = initialState(sgd(), parameterOf(1, -2));
    const trainer = await createTrainer(cpu(), objective, sgd(), start);
    const rates = { learningRate: 1e30, step: 1, decay: 0 };
    expect((await trainer.step({}, rates)).loss).toBe(65);
    const before = await trainer.read();
    expect(Number.isFinite((await trainer.step({}, rates)).loss)).toBe(false);
    const after = await trainer.read();
    expect(after).toEqual(before);
    expect(Array.from(after['parameter']?.['p']?.data ?? [], Number).every(Number.isFinite)).toBe(true);
    await trainer.close();
  });
});

describe('when the loss grows without bound', () => {
  test('training stops with the state from before', async () => {
    const saved: TrainingState[] = [];
    const line = await refusal(() =>
      train(
        cpu(),
        planned({
          ...{ ...taught(bowl(3)), optimiser: sgd(), start: parameterOf(1, 2) },
          budget: { steps: 200 },
          schedule: (step) => (step < 40 ? 0.01 : 3),
          onCheckpoint: async (state) => void saved.push(state),
        }),
      ),
    );
    expect(line).toMatch(
      /diverged at step \d+: .*; what was learnt until step \d+ is kept.*lower learning rate/,
    );
    expect(saved.at(-1)?.step).toBeLessThanOrEqual(40);
  });
});
