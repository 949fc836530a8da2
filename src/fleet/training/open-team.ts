import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSha256, loadDenoiserWeights, saveDenoiserWeights } from '../../api/index.js';
import { type Crew, ROUNDS, roundRule, type Team, type TeamRun } from '../../api/rounds.js';
import { Belongings, disposable } from '../../belongings.js';
import { checked, type OptionsOf } from '../../options/index.js';
import { packageVersion } from '../../package-version.js';
import { present } from '../../present.js';
import { closeParts } from '../../redis/index.js';
import { unlessStopped } from '../../unless-stopped.js';
import { roundOptions, teamOptions } from '../options.js';
import { type FleetOptions, prefix } from '../queue.js';
import { SharedFolder } from '../storage/shared-folder.js';
import { Coordinator } from './coordinator.js';
import { checkMembers, type OpenTraining, openTraining, trainingQueue } from './queue.js';
import { RoundStore } from './round-store.js';
import { writeSpec } from './spec.js';

/** Options of {@link openTeam}. The queue's name is `training` by default. */
export interface TeamOptions
  extends Omit<FleetOptions, 'tell' | 'signal'>,
    OptionsOf<typeof teamOptions>,
    OptionsOf<typeof roundOptions> {
  /** Where this machine has the folder that all share, in which the run and its pictures lie; default: the current folder. */
  readonly shared?: string | undefined;
}

/**
 * Those who take part in trainings, by a queue in Redis, as a training takes them. They are started by `takePart`, on each machine; nothing is
 * opened here before a training begins.
 *
 * @throws what the training throws, besides: a Redis that does not let it, a run or pictures outside of the shared folder, members of
 *   another version, a quorum above the number of workers
 *
 * @example
 * const team = openTeam({ redis: 'redis://queue.lan:6379', workers: 4, localSteps: 10 });
 * await trainDenoiser({ pictures: ['photos/'], output: 'runs/garden', steps: 2000, team });
 */
export function openTeam(options: TeamOptions): Team {
  const { redis: _, queue: __, shared: ___, ...numbers } = options;
  const { workers, localSteps, outerRate, outerMomentum } = checked('openTeam', declared, numbers);
  return {
    ...present({ workers, localSteps, outerRate, outerMomentum }),
    begin: (run) => begin(run, options),
  };
}

const declared = { ...teamOptions, ...roundOptions };

async function begin(run: TeamRun, options: TeamOptions): Promise<Crew & AsyncDisposable> {
  const { redis, queue, shared: path = '.', quorum, roundSeconds } = options;
  const rule = roundRule(run.workers, present({ quorum, deadline: roundSeconds }));
  const shared = await SharedFolder.at(path);
  const place = await shared.placeOf(run.folder);
  const store = new RoundStore(join(run.folder, ROUNDS));
  await store.make();
  const settings = await run.settings({
    picture: (file) => shared.placeOf(file),
    weights: (file) => frozen(store, file),
  });
  const spec = await writeSpec(store, {
    ...{ format: 'revela-training-1', revela: packageVersion() },
    settings: Object.fromEntries(Object.entries(settings)),
  });
  await using held = new Belongings();
  const { tell, signal } = run;
  const training = held.add(await openTraining({ redis, tell, ...present({ queue, signal }) }));
  await unlessStopped([checkMembers(training.shares)], signal);
  await unlessStopped([forget(training, place)], signal);
  const { bullmq, client, tellError } = training.redis;
  const flows = new bullmq.FlowProducer({ connection: client, prefix });
  flows.on('error', tellError);
  const events = new bullmq.QueueEvents(trainingQueue(options), {
    connection: client,
    prefix,
    lastEventId: '0-0',
  });
  events.on('error', tellError);
  held.defer(() => closeParts(training.redis, [flows, events], 2));
  await unlessStopped([events.waitUntilReady()], signal);
  const coordinator = new Coordinator({ run, training, flows, events, store, rule, place, spec });
  held.defer(() => coordinator.close());
  const own = held.handOver();
  return disposable({
    workers: coordinator.workers,
    round: (round) => coordinator.round(round),
    close: () => own.close(),
  } satisfies Crew & { close(): Promise<void> });
}

/** Copies weights to where members find them; returns their hash. */
async function frozen(store: RoundStore, file: string): Promise<string> {
  const temporary = join(store.folder, `${randomUUID()}.tmp.safetensors`);
  try {
    await saveDenoiserWeights(temporary, await loadDenoiserWeights(file));
    const sha256 = await fileSha256(temporary);
    await rename(temporary, store.pathOf(sha256, 'weights.safetensors'));
    return sha256;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** What a coordinator of this run left that was killed: its shares count for nobody. */
async function forget({ shares, rounds }: OpenTraining, place: string): Promise<void> {
  for (const queue of [shares, rounds]) {
    const jobs = await queue.getJobs(['wait', 'delayed', 'waiting-children', 'failed', 'completed']);
    for (const job of jobs) {
      const data: unknown = job?.data;
      const isOwn = typeof data === 'object' && data !== null && 'run' in data && data.run === place;
      // One that is being worked on stays, and counts for nobody.
      if (isOwn) await queue.remove(job.id ?? '', { removeChildren: false }).catch(() => 0);
    }
  }
}
