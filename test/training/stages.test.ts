import { describe, expect, test } from 'vitest';
import { disposable } from '#src/belongings.js';
import { adam, constantSchedule, cosineSchedule } from '#src/nn/index.js';
import type { Stage, StagedPlan, StepReport, TrainingState } from '#src/training/index.js';
import { meanLoss, openedOf, trainInStages } from '#src/training/index.js';
import { cpuRuntime } from '../compile/running.js';
import { taught, tinyObjective, tinyParameters } from './objectives.js';

const cpu = cpuRuntime();

/** Two stages with patches and rates of their own; keeps at which steps they were opened and closed. */
function twoStages(log: string[] = []): readonly Stage[] {
  const stage = (name: string, share: number, schedule: Stage['schedule'], different: number): Stage => ({
    share,
    schedule,
    open(step) {
      log.push(`${name} opens at ${step}`);
      const close = async (): Promise<void> => void log.push(`${name} closes`);
      return disposable({ ...taught(tinyObjective(different)), close });
    },
  });
  return [
    stage('first', 0.6, cosineSchedule(3e-3, { warmUp: 2 }), 1000),
    stage('second', 0.4, (step, share) => 1e-4 * (step + 1) + 1e-5 * share, 3),
  ];
}

const planned = (changes: Partial<StagedPlan> = {}): StagedPlan => ({
  stages: twoStages(),
  optimiser: adam(),
  budget: { steps: 10 },
  averageDecay: 0.9,
  start: tinyParameters(),
  ...changes,
});

const numbersOf = ({ tensors }: TrainingState): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([kind, group]) =>
      Object.entries(group).map(([key, { data }]) => [`${kind}/${key}`, Array.from(data, Number)] as const),
    ),
  );

const told = ({ step, loss, learningRate }: StepReport) => ({ step, loss, learningRate });

async function watched(plan: StagedPlan) {
  const reports: StepReport[] = [];
  const state = await trainInStages(cpu(), { ...plan, onStep: (report) => void reports.push(report) });
  return { state, reports };
}

describe('training in stages', () => {
  test('gives each its share, with rates by the stage’s own steps and share', async () => {
    const log: string[] = [];
    const checkpoints: TrainingState[] = [];
    const { state, reports } = await watched(
      planned({ stages: twoStages(log), onCheckpoint: async (at) => void checkpoints.push(at) }),
    );
    expect(log).toEqual(['first opens at 0', 'first closes', 'second opens at 6', 'second closes']);
    expect(state.stage).toEqual({ index: 1, step: 6 });
    const rates = reports.map(({ learningRate }) => learningRate);
    const first = cosineSchedule(3e-3, { warmUp: 2 });
    expect(rates.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5].map((step) => first(step, step / 10 / 0.6)));
    for (const [i, rate] of rates.slice(6).entries())
      expect(rate).toBeCloseTo(1e-4 * (i + 1) + (1e-5 * i) / 4, 12);
    // What the first stage came to is saved before the second begins.
    expect(checkpoints.map(({ step }) => step)).toEqual([6]);
  });

  test('goes on with the optimiser’s state and the average', async () => {
    const constant = (share: number): Stage => ({
      share,
      schedule: constantSchedule(1e-3),
      open: () => disposable({ ...taught(tinyObjective()), close: async () => {} }),
    });
    const one = await watched(planned({ stages: [constant(1)] }));
    const three = await watched(planned({ stages: [constant(0.3), constant(0.3), constant(0.4)] }));
    expect(numbersOf(three.state)).toEqual(numbersOf(one.state));
    expect(three.reports.map(told)).toEqual(one.reports.map(told));
  });

  test('a stage too short for a step is left out', async () => {
    const log: string[] = [];
    const { state } = await watched(planned({ stages: twoStages(log), budget: { steps: 1 } }));
    expect(log).toEqual(['first opens at 0', 'first closes']);
    expect(state.step).toBe(1);
  });

  test.each([2, 5, 6, 7, 9])('stopped at step %i and resumed, ends with the same numbers', async (at) => {
    const whole = await watched(planned());
    const stop = new AbortController();
    const reports: StepReport[] = [];
    const half = await trainInStages(
      cpu(),
      planned({
        signal: stop.signal,
        onStep: (report) => {
          reports.push(report);
          if (report.step === at) stop.abort();
        },
      }),
    );
    expect(half.step).toBe(at);
    const rest = await watched(planned({ start: half }));
    expect(numbersOf(rest.state)).toEqual(numbersOf(whole.state));
    expect([...reports, ...rest.reports].map(told)).toEqual(whole.reports.map(told));
  });
});

describe('validation', () => {
  test('gets what a training that ended there would give, and changes nothing', async () => {
    const plain = await watched(planned());
    const seen: number[][] = [];
    const shares: number[] = [];
    const measured = await watched(
      planned({
        validation: {
          due: ({ step }) => step % 3 === 0,
          run: async ({ share }, weights) => {
            shares.push(share);
            seen.push(Array.from(weights['tail.6.bias']?.data ?? [], Number));
            const validationLoss = await meanLoss(cpu(), taught(tinyObjective()), weights, 2);
            return { validationLoss };
          },
        },
      }),
    );
    expect(numbersOf(measured.state)).toEqual(numbersOf(plain.state));
    expect(measured.reports.map(told)).toEqual(plain.reports.map(told));
    expect(shares).toEqual([0.3, 0.6, 0.9]);
    expect(measured.reports.map((report) => report.measured !== undefined)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((step) => step % 3 === 0),
    );
    const stop = new AbortController();
    const atNine = await trainInStages(
      cpu(),
      planned({
        signal: stop.signal,
        onStep: ({ step }) => {
          if (step === 9) stop.abort();
        },
      }),
    );
    expect(seen[2]).toEqual(Array.from(atNine.tensors['average']?.['tail.6.bias']?.data ?? [], Number));
  });

  test('gets the last parameters where there is no average', async () => {
    let seen: number[] = [];
    const { state } = await watched(
      planned({
        averageDecay: 0,
        validation: {
          due: ({ share }) => share >= 1,
          run: async (_, weights) => {
            seen = Array.from(weights['head.0.bias']?.data ?? [], Number);
            return {};
          },
        },
      }),
    );
    expect(seen.length).toBe(4);
    expect(seen).toEqual(Array.from(state.tensors['parameter']?.['head.0.bias']?.data ?? [], Number));
  });

  test('the mean loss is that of the steps before they learn', async () => {
    const start = tinyParameters();
    const { reports } = await watched(
      planned({
        budget: { steps: 3 },
        stages: [
          {
            share: 1,
            schedule: constantSchedule(0),
            open: () => disposable({ ...taught(tinyObjective()), close: async () => {} }),
          },
        ],
      }),
    );
    const mean = reports.reduce((sum, { loss }) => sum + loss, 0) / 3;
    expect(await meanLoss(cpu(), taught(tinyObjective()), start, 3)).toBeCloseTo(mean, 5);
  });
});

test('a source that no objective can be made of is closed', async () => {
  const log: string[] = [];
  const source = disposable({ close: () => void log.push('closed') });
  const wrong = openedOf(source, () => {
    throw new Error('no objective');
  });
  await expect(wrong).rejects.toThrow('no objective');
  expect(log).toEqual(['closed']);
  {
    await using opened = await openedOf(source, () => taught(tinyObjective()));
    expect([typeof opened.objective, log]).toEqual(['object', ['closed']]);
  }
  expect(log).toEqual(['closed', 'closed']);
});
