import { RevelaError } from '../../errors.js';
import { workInFleet } from '../../fleet/index.js';
import { present } from '../../present.js';
import { readToken } from '../../tokens.js';
import type { Context } from '../context.js';
import { beginWork, toTenths } from '../terminal/begin-work.js';
import { exitCodes } from '../terminal/failure.js';
import { formatDuration } from '../terminal/progress-text.js';
import { counted } from '../terminal/wording.js';
import type { WorkFlags } from './command.js';

/** Does what `revela fleet work` promises; returns the exit code. */
export async function runWork(
  { redis = '', json = false, ...flags }: WorkFlags,
  context: Context,
): Promise<number> {
  const { screen, signal, seconds } = beginWork(json, context);
  const { queue, shared, tokenFile, device, threads, lockSeconds, untilEmpty = false } = flags;
  const token = tokenFile === undefined ? undefined : await readToken(tokenFile);
  screen.note(untilEmpty ? 'Working until nothing is left' : 'Working; Ctrl-C ends');
  const { pictures, failed } = await workInFleet({
    ...{ redis, signal, untilEmpty, tell: screen.note },
    ...present({ queue, shared, token, device, threads, lockSeconds }),
    onDone({ input, output, lost }) {
      screen.written(input, output);
      if (lost.length > 0) screen.note(`${output} is without ${lost.join(', ')}`);
    },
    onFailed({ input, message, again }) {
      screen.note(`${message}${again ? '; it is tried again' : ''}`);
      screen.tell({ kind: 'failed', input, message, again });
    },
  }).catch((error: unknown) => {
    // Stopped while it waited for Redis.
    if (!signal.aborted || error instanceof RevelaError) throw error;
    return { pictures: 0, failed: 0 };
  });
  const without = failed === 0 ? '' : `; ${counted(failed, 'picture')} failed`;
  screen.done(`Did ${counted(pictures, 'picture')} in ${formatDuration(seconds())}${without}`, {
    ...{ pictures, failed, seconds: toTenths(seconds()) },
  });
  return failed > 0 && untilEmpty ? exitCodes.failure : 0;
}
