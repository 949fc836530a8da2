import { adam } from '#src/nn/index.js';
import {
  type Bench,
  type Contribution,
  type Crew,
  laneSeed,
  type Moments,
  openBench,
  type Round,
  type ShareResult,
} from '#src/rounds/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { DataSource, Feeds, StateGroups } from '#src/training/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { type Lesson, tinyParameters } from '../training/objectives.js';

/** Members in this process, who do their shares one after the other. */
export interface OwnCrew extends Crew {
  /** What was given, by hash. */
  readonly store: Map<string, StateGroups<TensorValue>>;
  /** How many rounds were done. */
  rounds: number;
}

/** What a test changes in a member's answer; `undefined` drops it. */
export type Change = (result: ShareResult, member: number, round: number) => ShareResult | undefined;

/**
 * Members in this process.
 *
 * @param lesson of a seed
 */
export async function ownCrew(
  runtime: Runtime,
  workers: number,
  lesson: (seed: number) => Lesson,
  { change = (result) => result, last = Number.POSITIVE_INFINITY }: { change?: Change; last?: number } = {},
): Promise<OwnCrew & AsyncDisposable> {
  const bench: Bench = await openBench(runtime, lesson(0), adam(), tinyParameters());
  const store = new Map<string, StateGroups<TensorValue>>();
  const lanes: readonly DataSource<Feeds>[] = Array.from({ length: workers }, (_, lane) =>
    lesson(laneSeed(5, lane)),
  );
  const crew: OwnCrew & AsyncDisposable = {
    workers,
    store,
    rounds: 0,
    async round(round: Round) {
      if (crew.rounds >= last) return undefined;
      crew.rounds += 1;
      const contributions: (Contribution | undefined)[] = [];
      // The last member first: the order of answers must not matter.
      for (const member of lanes.keys()) {
        const at = workers - 1 - member;
        contributions[at] = await share(round, at);
      }
      return { contributions, numbers: { answers: contributions.filter((one) => one !== undefined).length } };
    },
    [Symbol.asyncDispose]: () => bench.close(),
  };
  async function share(round: Round, member: number): Promise<Contribution | undefined> {
    const lane = lanes[member];
    if (lane === undefined) return undefined;
    const own: Moments | undefined = round.moments[member];
    const { parameter: _, ...slots } = store.get(own?.sha256 ?? '') ?? {};
    const start = { parameter: round.parameters, ...slots };
    const result = change(await bench.work(round, start, own?.age ?? 0, lane), member, crew.rounds);
    if (result === undefined || !Number.isFinite(result.loss)) return undefined;
    const { loss, gradientNorm, groups } = result;
    if (round.kind === 'gradients') return { loss, gradientNorm, tensors: groups['gradient'] ?? {} };
    const sha256 = `${crew.rounds}-${member}`;
    store.set(sha256, groups);
    const age = (own?.age ?? 0) + round.learningRates.length;
    return { loss, gradientNorm, tensors: groups['parameter'] ?? {}, moments: { sha256, age } };
  }
  return crew;
}
