import { type DeviceOptions, openDevice } from '../../apply/index.js';
import { Belongings, disposable } from '../../belongings.js';
import { RevelaError } from '../../errors.js';
import { architecturesFor } from '../../networks/index.js';
import type { BatchSize } from '../../nn/index.js';
import { byName } from '../../option-checks.js';
import { type Bench, openBench, type ShareResult, type ShareTask } from '../../rounds/index.js';
import type { TensorValue } from '../../tensor/index.js';
import type { DataSource, Feeds, Objective, StateGroups } from '../../training/index.js';
import { checkedSettings, kindOf } from '../described-run.js';
import { optimiserOf } from '../recipe.js';
import type { TeamPaths } from './team.js';

/** A run of which shares are done here. */
export interface OpenShare extends AsyncDisposable {
  /**
   * Does one member's share of a round; see `Bench.work`.
   *
   * @param member from 0
   */
  work(
    task: ShareTask,
    member: number,
    start: StateGroups<TensorValue>,
    age: number,
    signal?: AbortSignal,
  ): Promise<ShareResult>;
  close(): Promise<void>;
}

/** So many members' batches are kept ready: who does the share of one is likely to do it again. */
const mostLanes = 4;

/** Batches of one member. */
interface Lane extends AsyncDisposable {
  readonly objective: Objective;
  readonly data: DataSource<Feeds>;
}

/**
 * Makes ready what shares of a run need: its pictures, its network, the device.
 *
 * @param settings as the coordinator told them
 * @param paths finds pictures and weights by what they were named
 * @throws RevelaError for settings of no training that several can do, and for pictures and weights that are not there
 */
export async function openShare(
  settings: Readonly<Record<string, unknown>>,
  paths: TeamPaths,
  options: DeviceOptions,
): Promise<OpenShare> {
  const told = checkedSettings('that the coordinator trains', settings);
  const kind = kindOf(told);
  if (kind.share === undefined) throw new RevelaError(`${kind.product} is not trained over machines`);
  const own = await kind.share(told, paths);
  const description = byName(architecturesFor[kind.task], own.architecture, 'network').ofConfig(own.config);
  await using held = new Belongings();
  const ready = await kind.prepare(own, description, options);
  const runtime = held.add(await openDevice(options));
  const lesson = await ready(runtime);
  let size: BatchSize = { batch: 0, patch: 0 };
  let bench: Bench | undefined;
  const lanes = new Map<number, Lane>();

  async function empty(): Promise<void> {
    for (const lane of lanes.values()) await lane[Symbol.asyncDispose]();
    lanes.clear();
    await bench?.close();
    bench = undefined;
  }
  held.defer(empty);

  async function laneOf(member: number, step: number): Promise<Lane> {
    const known = lanes.get(member);
    lanes.delete(member);
    const lane = known ?? plain(await lesson.open(size, step, member));
    lanes.set(member, lane); // the last in the map is the one that was used last
    const [[oldest = member, first] = []] = lanes;
    if (lanes.size > mostLanes && first !== undefined) {
      lanes.delete(oldest);
      await first[Symbol.asyncDispose]();
    }
    return lane;
  }

  const belongings = held.handOver();
  return disposable({
    async work(task, member, start, age, signal) {
      if (task.size.batch !== size.batch || task.size.patch !== size.patch) {
        await empty();
        size = task.size;
      }
      const { objective, data } = await laneOf(member, task.step);
      bench ??= await openBench(runtime, objective, optimiserOf(own.recipe), start['parameter'] ?? {});
      return bench.work(task, start, age, data, signal);
    },
    close: () => belongings.close(),
  } satisfies Omit<OpenShare, typeof Symbol.asyncDispose>);
}

function plain(
  opened: { readonly objective: object; readonly data: DataSource<Feeds> } & AsyncDisposable,
): Lane {
  const { objective, data } = opened;
  if (!isPlain(objective)) throw new RangeError('only what has one loss is trained over machines');
  return { objective, data, [Symbol.asyncDispose]: () => Promise.resolve(opened[Symbol.asyncDispose]()) };
}

const isPlain = (objective: object): objective is Objective => 'inputs' in objective && 'loss' in objective;
