import { describe, expect, test } from 'vitest';
import { adam, cosineSchedule } from '#src/nn/index.js';
import { crewObjective, type CrewPlan, meanInOrder, type Tensors } from '#src/rounds/index.js';
import { type StepReport, train, type TrainingPlan, type TrainingState } from '#src/training/index.js';
import { cpuRuntime } from '../compile/running.js';
import { taught, tinyObjective, tinyParameters } from '../training/objectives.js';
import { type Change, ownCrew } from './crew.js';

const cpu = cpuRuntime();
const size = { batch: 2, patch: 20 };
const outer = { rate: 0.7, momentum: 0.9 };

const planned = (changes: Partial<TrainingPlan>): TrainingPlan => ({
  ...taught(tinyObjective()),
  optimiser: adam(),
  schedule: cosineSchedule(3e-3, { floor: 0.02 }),
  budget: { steps: 12 },
  averageDecay: 0.9,
  start: tinyParameters(),
  ...changes,
});

interface Asked {
  readonly change?: Change;
  readonly last?: number;
  readonly changes?: Partial<TrainingPlan>;
}

/** Trains with members in this process. */
async function together(workers: number, plan: CrewPlan, { changes = {}, ...how }: Asked = {}) {
  await using crew = await ownCrew(cpu(), workers, (seed) => tinyObjective(1000, seed), how);
  const reports: StepReport[] = [];
  const states: TrainingState[] = [];
  const state = await train(cpu(), {
    ...planned(changes),
    data: { at: async () => ({}) },
    objective: crewObjective(crew, plan, size),
    checkpointEvery: 0,
    onStep: (report) => void reports.push(report),
    onCheckpoint: async (saved) => void states.push(saved),
  });
  return { state, reports, states, store: crew.store };
}

const parameters = ({ tensors }: TrainingState): Tensors => tensors['parameter'] ?? {};

describe('a crew of one', () => {
  test('whose gradients are added does what a training without others does, byte by byte', async () => {
    const alone = await train(cpu(), planned({ clip: 0.5 }));
    const { state, reports } = await together(1, { outer }, { changes: { clip: 0.5 } });
    expect(state.tensors).toEqual(alone.tensors);
    expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  test('with local steps and an outer step that goes all the way, too', async () => {
    const alone = await train(cpu(), planned({ clip: 0.5 }));
    const { state, reports } = await together(
      1,
      { localSteps: 5, outer: { rate: 1, momentum: 0 } },
      { changes: { clip: 0.5 } },
    );
    expect(parameters(state)).toEqual(parameters(alone));
    // The last round has what is left of the budget.
    expect(reports.map(({ step }) => step)).toEqual([5, 10, 12]);
  });
});

describe.each([
  ['whose gradients are added', { outer }],
  ['with local steps', { localSteps: 3, outer }],
])('a crew of two %s', (_, plan: CrewPlan) => {
  test('repeats byte by byte, and learns something else than one', async () => {
    const [first, second, one] = [await together(2, plan), await together(2, plan), await together(1, plan)];
    expect(second.state.tensors).toEqual(first.state.tensors);
    expect(parameters(one.state)).not.toEqual(parameters(first.state));
    expect(first.reports.every(({ numbers }) => numbers?.['answers'] === 2)).toBe(true);
  });

  test('goes on after a stop, from its last round, to the same bytes', async () => {
    const whole = await together(2, plan);
    const begun = await together(2, plan, { last: 2 });
    expect(begun.reports).toHaveLength(2);
    expect(begun.states.at(-1)?.tensors).toEqual(begun.state.tensors);
    await using crew = await ownCrew(cpu(), 2, (seed) => tinyObjective(1000, seed));
    for (const [sha256, groups] of begun.store) crew.store.set(sha256, groups);
    crew.rounds = 2;
    const rest = await train(cpu(), {
      ...planned({ start: begun.state }),
      data: { at: async () => ({}) },
      objective: crewObjective(crew, plan, size),
    });
    expect(rest.tensors).toEqual(whole.state.tensors);
  });

  test('takes the mean of those whose numbers count', async () => {
    const spoilt: Change = (result, member, round) =>
      member === 1 && round === 2 ? { ...result, loss: Number.NaN } : result;
    const { state, reports } = await together(2, plan, { change: spoilt });
    expect(reports.map(({ numbers }) => numbers?.['answers'])).toEqual(
      reports.map((__, i) => (i === 1 ? 1 : 2)),
    );
    expect(Object.values(parameters(state)).every(({ data }) => data.every((x) => Number.isFinite(x)))).toBe(
      true,
    );
  });

  test('ends where nobody’s do, with what was learnt before', async () => {
    const states: TrainingState[] = [];
    await using crew = await ownCrew(cpu(), 2, (seed) => tinyObjective(1000, seed), {
      change: (result, __, round) => (round >= 2 ? undefined : result),
    });
    const training = train(cpu(), {
      ...planned({ onCheckpoint: async (state) => void states.push(state) }),
      data: { at: async () => ({}) },
      objective: crewObjective(crew, plan, size),
    });
    await expect(training).rejects.toThrow('training diverged');
    expect(states.at(-1)?.step).toBe(plan.localSteps ?? 1);
  });
});

test('local steps from one point, and their mean, make one round', async () => {
  const { states, store } = await together(2, { localSteps: 3, outer: { rate: 1, momentum: 0 } });
  const weights = ['1-0', '1-1'].map((key) => store.get(key)?.['parameter'] ?? {});
  expect(parameters(states[0] ?? expect.fail('no round'))).toEqual(meanInOrder(weights));
});
