import { disposable } from '../belongings.js';
import { checked, type OptionsOf, settled } from '../options/index.js';
import { present } from '../present.js';
import { Engine } from './engine.js';
import { sharedPlace } from './open-queue.js';
import { serveWorkOptions } from './options.js';
import { RedisWorker } from './redis-worker.js';

/**
 * Options of {@link serveWork}: the `redis` of a service, the `folder` that it shares with all its workers, how many jobs are worked on at once
 * (`places`), how long what runs is given in the end (`graceSeconds`), and where it computes (`device`, `threads`). `onNote` hears that Redis is
 * away, and `signal` stops waiting for it.
 */
export type ServeWorkOptions = OptionsOf<typeof serveWorkOptions>;

/** Somebody who works on the jobs of a service. */
export interface ServeWorker extends AsyncDisposable {
  /** Takes nothing more, finishes what runs within `graceSeconds`, and gives the rest back to the others. Harmless when repeated. */
  close(): Promise<void>;
}

/**
 * Works on the jobs of services that were started with the same `redis` and `folder`, on any machine. It may be killed at any time: its jobs are
 * begun anew by another worker.
 *
 * @throws RevelaError where BullMQ is not installed, for a Redis that wants another password, is too old or loses jobs, and where the
 *   others run another version of Revela or see another folder
 *
 * @example
 * await using worker = await serveWork({ redis: 'redis://queue:6379', folder: '/srv/revela' });
 */
export async function serveWork(options: ServeWorkOptions): Promise<ServeWorker> {
  const given = checked('serveWork', serveWorkOptions, options);
  const { places, graceSeconds, device, threads } = settled(serveWorkOptions, given);
  const { redis, spool, close } = await sharedPlace(given, Number.POSITIVE_INFINITY);
  const engine = new Engine(present({ device, threads }));
  const worker = new RedisWorker({ redis, spool, engine, places });
  const end = async (): Promise<void> => {
    await worker.end(graceSeconds);
    await engine.close();
    await close();
  };
  let ended: Promise<void> | undefined;
  return disposable({
    close: () => {
      ended ??= end();
      return ended;
    },
  });
}
