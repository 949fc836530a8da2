import { setTimeout as wait } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import { packageVersion } from '../../package-version.js';
import { Unable } from '../job-work.js';
import { nameText, ownName, prefix } from '../queue.js';
import { SharedFolder } from '../storage/shared-folder.js';
import type { WorkOptions } from '../work-options.js';
import { type OpenTraining, openTraining, trainingQueue } from './queue.js';
import { type ShareAnswer, type ShareJob, shareJobIn } from './share-job.js';
import { ShareWork } from './share-work.js';

/** How often a share may lose its process (killed, frozen, cut off) before it is given up. */
const mostStalled = 10;

/** Milliseconds that giving back a share may take. */
const mostForEnding = 10_000;

/** The answer to who does not ask any more. */
const nothing = { sha256: null, loss: null, gradientNorm: null, age: 0 };

/** Options of {@link takePart}. The queue's name is `training` by default. */
export interface TakePartOptions
  extends Pick<WorkOptions, 'redis' | 'queue' | 'shared' | 'device' | 'threads' | 'tell' | 'signal'> {
  /** Seconds without a sign of life after which a member's share is given to another one; default 30. */
  readonly lockSeconds?: number | undefined;
  /** Hears of each share that is done. */
  readonly onShare?: ((share: DoneShare) => void) | undefined;
}

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
export async function takePart(options: TakePartOptions): Promise<TookPart> {
  const { shared = '.', signal } = options;
  const folder = await SharedFolder.at(shared);
  await using training = await openTraining(options);
  const work = new ShareWork(folder, options);
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
  readonly #stopping = new AbortController();
  readonly #name = nameText(ownName(packageVersion()));
  #failure: { readonly error: unknown } | undefined;
  shares = 0;

  constructor(
    readonly training: OpenTraining,
    readonly work: ShareWork,
    readonly options: TakePartOptions,
  ) {}

  async run(signal: AbortSignal | undefined): Promise<void> {
    const stop = (): void => this.#stopping.abort(signal?.reason);
    if (signal?.aborted === true) return;
    signal?.addEventListener('abort', stop, { once: true });
    const worker = this.#worker();
    try {
      await this.#stopped();
    } finally {
      signal?.removeEventListener('abort', stop);
      // Where Redis is away, what is asked of it would wait for it.
      await Promise.race([worker.close(), wait(mostForEnding, undefined, { ref: false })]);
      await worker.getBackend().close(true);
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #worker(): Worker<ShareJob, ShareAnswer> {
    const { redis } = this.training;
    const { lockSeconds = 30, tell } = this.options;
    const lockDuration = lockSeconds * 1000;
    const worker: Worker<ShareJob, ShareAnswer> = new redis.bullmq.Worker<ShareJob, ShareAnswer>(
      trainingQueue(this.options),
      (job, token) => this.#job(job, token),
      {
        ...{ connection: redis.client, prefix, skipVersionCheck: true, concurrency: 1, name: this.#name },
        ...{ lockDuration, stalledInterval: Math.min(10_000, lockDuration), maxStalledCount: mostStalled },
        // After a loss of Redis it goes on at once.
        ...{ runRetryDelay: 1000, drainDelay: 5 },
      },
    );
    worker.on('error', redis.tellError);
    worker.on('failed', (_, error) => tell?.(`A share failed: ${error.message}`));
    return worker;
  }

  async #job(job: Job<ShareJob, ShareAnswer>, token: string | undefined): Promise<ShareAnswer> {
    const { signal } = this.#stopping;
    const own = this.#own(job);
    try {
      const how = { by: this.#name, handedOver: job.stalledCounter };
      if (await this.#isOver(job)) return { ...nothing, ...how };
      const found = await this.work.do(own, signal);
      this.shares += 1;
      const { run, round, member, kind, learningRates } = own;
      const steps = kind === 'gradients' ? 1 : learningRates.length;
      this.options.onShare?.({ run, round, member: member + 1, steps, loss: found.loss });
      return { ...found, ...how };
    } catch (error) {
      if (error instanceof Unable) {
        this.#failure ??= { error };
        this.#stopping.abort(error);
      } else if (!signal.aborted) throw error;
      // Others may be able to, or this one later.
      await job.moveToWait(token);
      throw new this.training.redis.bullmq.WaitingError();
    }
  }

  /** Whether nobody waits for a share any more: its round is closed. */
  async #isOver({ parentKey }: Job<ShareJob, ShareAnswer>): Promise<boolean> {
    return parentKey !== undefined && (await this.training.redis.client.exists(parentKey)) === 0;
  }

  #own(job: Job<ShareJob, ShareAnswer>): ShareJob {
    try {
      return shareJobIn(job.data);
    } catch (error) {
      throw new this.training.redis.bullmq.UnrecoverableError(
        error instanceof Error ? error.message : String(error),
      );
    }
  }

  #stopped(): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
