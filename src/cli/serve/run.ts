import { chosen } from '../../options/index.js';
import { present } from '../../present.js';
import { readTokens, serve, type Service, serveWork, type ServeWorker } from '../../serve/index.js';
import { limitOptions, listeningOptions, serveWorkOptions } from '../../serve/options.js';
import { flagOf } from '../../options/index.js';
import { beginWork } from '../terminal/begin-work.js';
import { UsageError } from '../terminal/failure.js';
import { formatDuration } from '../terminal/progress-text.js';
import type { Screen } from '../terminal/screen.js';
import type { Context } from '../context.js';
import type { ServeFlags } from './command.js';

/** Does what `revela serve` promises; returns the exit code. */
export async function runServe(flags: ServeFlags, context: Context): Promise<number> {
  const { screen, signal, seconds } = beginWork(flags.json ?? false, context);
  const open = flags.workersOnly === true ? openWorker : openService;
  await using serving = await open(flags, screen, signal);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await serving.close();
  screen.done(`Served for ${formatDuration(seconds())}`, { seconds: Math.round(seconds()) });
  return 0;
}

async function openService(flags: ServeFlags, screen: Screen, signal: AbortSignal): Promise<Service> {
  const { host, port, tokens: file, open, redis, folder, device, threads } = flags;
  const tokens = file === undefined ? undefined : await readTokens(file);
  const service = await serve({
    ...present({ host, port, tokens, open, redis, folder, device, threads }),
    ...{ limits: chosen(limitOptions, flags), signal, onNote: (line) => screen.note(line) },
  });
  screen.note(`Listening at ${service.address}; Ctrl-C ends`);
  screen.tell({ kind: 'listening', address: service.address });
  return service;
}

async function openWorker(flags: ServeFlags, screen: Screen, signal: AbortSignal): Promise<ServeWorker> {
  const { redis, folder, places, graceSeconds, device, threads } = flags;
  if (redis === undefined || folder === undefined)
    throw new UsageError('--workers-only needs the --redis and the --folder of the service');
  const others = { ...listeningOptions, ...limitOptions, tokens: {} };
  for (const name of Object.keys(others))
    if (!Object.hasOwn(serveWorkOptions, name) && Object.hasOwn(flags, name))
      throw new UsageError(
        `--workers-only listens nowhere, so that ${flagOf(name)} is for the service alone`,
      );
  const worker = await serveWork({
    ...{ redis, folder, ...present({ places, graceSeconds, device, threads }) },
    ...{ signal, onNote: (line) => screen.note(line) },
  });
  screen.note('Waiting for jobs; Ctrl-C ends');
  screen.tell({ kind: 'waiting' });
  return worker;
}
