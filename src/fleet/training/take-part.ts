import type { Job } from 'bullmq';
import { checked, type OptionsOf, type Settled, settled } from '../../options/index.js';
import { packageVersion } from '../../package-version.js';
import { takePartOptions } from '../options.js';
import { nameText, ownName } from '../queue.js';
import { Station } from '../station.js';
import { openStorage } from '../storage/open-storage.js';
import { type OpenTraining, openTraining, trainingQueue } from './queue.js';
import { type ShareAnswer, type ShareJob, shareJobIn } from './share-job.js';
import { ShareWork } from './share-work.js';

/** How often a share may lose its process (killed, frozen, cut off) before it is given up. */
const mostStalled = 10;

/** The answer to who does not ask any more. */
const nothing = { sha256: null, loss: null, gradientNorm: null, age: 0 };

/** Options of {@link takePart}. */
export interface TakePartOptions extends OptionsOf<typeof takePartOptions> {}

/** A share of a round that is done. */
export interface DoneShare {
  /** The place of the run in the shared folder. */
  readonly run: string;
  readonly round: number;
  /** From 1. */
  readonly member: number;
  /** How many steps it was; 1 where gradients are added. */
  readonly steps: number;
  readonly loss: number | null;
}

/** What a process did. */
export interface TookPart {
  readonly shares: number;
}

/**
 * Takes part in trainings, one share of a round at a time, until the signal stops it; then it gives back what it works on. Shares are functions of
 * what they are given: whoever does one finds the same numbers, so members may come and go.
 *
 * @throws RevelaError where it cannot take part: a Redis that does not let it, a training of another version, another folder than that of the
 *   run, weights or pictures that cannot be got
 *
 * @example
 * await takePart({ redis: 'redis://queue.lan:6379', shared: '/mnt/photos', threads: 4, signal });
 */
export async function takePart(given: TakePartOptions): Promise<TookPart> {
  const options = settled(takePartOptions, checked('takePart', takePartOptions, given));
  const { signal } = options;
  await using storage = await openStorage(options);
  await using training = await openTraining(options);
  const work = new ShareWork(storage, options);
  const member = new Member(training, work, options);
  try {
    await member.run(signal);
  } finally {
    await work.close();
  }
  return { shares: member.shares };
}

/** One process that takes part. */
class Member {
  readonly #name = nameText(ownName(packageVersion()));
  readonly #station: Station<ShareJob, ShareAnswer>;
  shares = 0;

  constructor(
    readonly training: OpenTraining,
    readonly work: ShareWork,
    readonly options: Settled<typeof takePartOptions>,
  ) {
    this.#station = new Station({
      ...{ redis: training.redis, queue: trainingQueue(options), mostStalled, lookSeconds: 10 },
      lockSeconds: options.lockSeconds,
      work: (job, signal) => this.#share(job, signal),
    });
  }

  run(signal: AbortSignal | undefined): Promise<void> {
    const { tell } = this.options;
    return this.#station.run(signal, (worker) => {
      worker.on('failed', (_, error) => tell?.(`A share failed: ${error.message}`));
    });
  }

  async #share(job: Job<ShareJob, ShareAnswer>, signal: AbortSignal): Promise<ShareAnswer> {
    const own = this.#station.own(job, shareJobIn);
    const how = { by: this.#name, handedOver: job.stalledCounter };
    if (await this.#isOver(job)) return { ...nothing, ...how };
    const found = await this.work.do(own, signal);
    this.shares += 1;
    const { run, round, member, kind, learningRates } = own;
    const steps = kind === 'gradients' ? 1 : learningRates.length;
    this.options.onShare?.({ run, round, member: member + 1, steps, loss: found.loss });
    return { ...found, ...how };
  }

  /** Whether nobody waits for a share any more: its round is closed. */
  async #isOver({ parentKey }: Job<ShareJob, ShareAnswer>): Promise<boolean> {
    return parentKey !== undefined && (await this.training.redis.client.exists(parentKey)) === 0;
  }
}
