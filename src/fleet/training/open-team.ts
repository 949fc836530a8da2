import { loadDenoiserWeights, saveDenoiserWeights } from '../../api/index.js';
import { type Crew, ROUNDS, roundRule, type Team, type TeamRun } from '../../api/rounds.js';
import { Belongings, disposable } from '../../belongings.js';
import { checked, type OptionsOf } from '../../options/index.js';
import { packageVersion } from '../../package-version.js';
import { present } from '../../present.js';
import { closeParts } from '../../redis/index.js';
import { unlessStopped } from '../../unless-stopped.js';
import { roundOptions, teamOptions } from '../options.js';
import { type FleetOptions, prefix } from '../queue.js';
import { memberProof } from '../proofs.js';
import { openTeamStorage } from '../storage/open-storage.js';
import { Scratch } from '../storage/scratch.js';
import { SharedFolder } from '../storage/shared-folder.js';
import { placeIn } from '../storage/storage.js';
import { Coordinator } from './coordinator.js';
import { checkMembers, type OpenTraining, openTraining, trainingQueue } from './queue.js';
import { OwnRounds } from './round-store.js';
import { runPlace } from './run-place.js';
import { writeSpec } from './spec.js';

/** Options of {@link openTeam}. The queue's name is `training` by default. */
export interface TeamOptions
  extends Omit<FleetOptions, 'tell' | 'signal'>,
    OptionsOf<typeof teamOptions>,
    OptionsOf<typeof roundOptions> {
  /**
   * Where this machine has the folder that all share, in which the run and its pictures lie; default: the current folder. Or
   * `s3://BUCKET/FOLDER`: the run and its pictures lie on this machine then, and what members need is copied there.
   */
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
  const { tell, signal } = run;
  await using held = new Belongings();
  const storage = held.add(await openTeamStorage({ shared: path, ...present({ signal }) }));
  const { place, picture } = await runPlace(storage, run.folder, { tell, signal });
  const store = new OwnRounds(storage, placeIn(place, ROUNDS), { tell, signal });
  const settings = await run.settings({ picture, weights: (file) => frozen(store, file) });
  const spec = await writeSpec(store, {
    ...{ format: 'revela-training-1', revela: packageVersion() },
    settings: Object.fromEntries(Object.entries(settings)),
  });
  // Of a bucket nobody else is asked to write.
  const proof = storage instanceof SharedFolder ? await memberProof(storage, store.folder) : undefined;
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
  const coordinator = new Coordinator({
    ...{ run, training, flows, events, store, rule, place, spec },
    ...present({ proof }),
  });
  held.defer(() => coordinator.close());
  const own = held.handOver();
  return disposable({
    workers: coordinator.workers,
    round: (round) => coordinator.round(round),
    close: () => own.close(),
  } satisfies Crew & { close(): Promise<void> });
}

/** Copies weights to where members find them; returns their hash. */
async function frozen(store: OwnRounds, file: string): Promise<string> {
  await using scratch = new Scratch();
  await using saved = await scratch.file('weights.safetensors');
  await saveDenoiserWeights(saved.path, await loadDenoiserWeights(file));
  return await store.putFile(saved.path, 'weights.safetensors');
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
