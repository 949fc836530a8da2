import { RevelaError } from '../../errors.js';
import { takePart } from '../../fleet/index.js';
import { present } from '../../present.js';
import { readToken } from '../../tokens.js';
import type { Context } from '../context.js';
import { beginWork, toTenths } from '../terminal/begin-work.js';
import { formatDuration } from '../terminal/progress-text.js';
import { counted } from '../terminal/wording.js';
import type { TakePartFlags } from './command.js';

/** Does what `revela fleet train` promises; returns the exit code. */
export async function runTakePart(
  { redis = '', json = false, ...flags }: TakePartFlags,
  context: Context,
): Promise<number> {
  const { screen, signal, seconds } = beginWork(json, context);
  const { queue, shared, tokenFile, device, threads, lockSeconds } = flags;
  const token = tokenFile === undefined ? undefined : await readToken(tokenFile);
  screen.note('Taking part in trainings; Ctrl-C ends');
  let known = '';
  const { shares } = await takePart({
    ...{ redis, signal, tell: screen.note },
    ...present({ queue, shared, token, device, threads, lockSeconds }),
    onShare(share) {
      screen.tell({ kind: 'share', ...share });
      if (share.run !== known) screen.note(`Training ${share.run}`);
      known = share.run;
    },
  }).catch((error: unknown) => {
    // Stopped while it waited for Redis.
    if (!signal.aborted || error instanceof RevelaError) throw error;
    return { shares: 0 };
  });
  screen.done(`Did ${counted(shares, 'share')} in ${formatDuration(seconds())}`, {
    ...{ shares, seconds: toTenths(seconds()) },
  });
  return 0;
}
