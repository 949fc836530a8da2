import { setTimeout as wait } from 'node:timers/promises';
import {
  cancelFleet,
  type FleetOptions,
  type FleetStatus,
  fleetStatus,
  retryFleet,
} from '../../fleet/index.js';
import { present } from '../../present.js';
import { printable } from '../../printable.js';
import type { Context } from '../context.js';
import { beginWork, type Work } from '../terminal/begin-work.js';
import { stop } from '../terminal/stop.js';
import { counted } from '../terminal/wording.js';
import type { CancelFlags, QueueFlags, StatusFlags } from './command.js';

/** Milliseconds between two looks of `--watch`. */
const lookEvery = 2000;

/** Does what `revela fleet status` promises; returns the exit code. */
export async function runStatus(flags: StatusFlags, context: Context): Promise<number> {
  const { watch = false, failures } = flags;
  return managing(flags, context, async (options, { screen, signal }) => {
    for (;;) {
      const status = await fleetStatus({ ...options, ...present({ failures }) });
      screen.tell({ kind: 'status', ...status });
      if (flags.json !== true) context.stdout.write(statusText(status));
      if (!watch) return;
      await wait(lookEvery, undefined, { signal });
    }
  });
}

function statusText({ waiting, active, done, failed, workers, failures }: FleetStatus): string {
  const names = workers.map(({ host, pid }) => `${host} (process ${pid})`);
  const lines = [
    `${counted(waiting, 'job')} waiting, ${active} worked on, ${done} done, ${failed} failed`,
    `${counted(workers.length, 'worker')}${names.length === 0 ? '' : `: ${names.join(', ')}`}`,
    ...failures.map(({ id, pictures, message }) => {
      const [first = `job ${id}`] = pictures;
      const more = pictures.length > 1 ? ` and ${pictures.length - 1} more` : '';
      return `failed: ${first}${more}: ${message}`;
    }),
  ];
  if (failed > failures.length) lines.push(`and ${failed - failures.length} more that failed`);
  return lines.map((line) => `${printable(line)}\n`).join('');
}

/** Does what `revela fleet retry` promises; returns the exit code. */
export async function runRetry(flags: QueueFlags, context: Context): Promise<number> {
  return managing(flags, context, async (options, { screen }) => {
    const jobs = await retryFleet(options);
    screen.done(`${counted(jobs, 'job')} that failed ${jobs === 1 ? 'waits' : 'wait'} again`, { jobs });
  });
}

/** Does what `revela fleet cancel` promises; returns the exit code. */
export async function runCancel(flags: CancelFlags, context: Context): Promise<number> {
  const { failed } = flags;
  return managing(flags, context, async (options, { screen }) => {
    const jobs = await cancelFleet({ ...options, ...present({ failed }) });
    screen.done(`Gave up ${counted(jobs, 'job')}`, { jobs });
  });
}

async function managing(
  { redis = '', queue, json = false }: QueueFlags,
  context: Context,
  work: (options: FleetOptions, how: Work) => Promise<void>,
): Promise<number> {
  const how = beginWork(json, context);
  const { screen, signal } = how;
  try {
    await work({ redis, signal, tell: screen.note, ...present({ queue }) }, how);
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    return stop('stopped', signal);
  }
}
