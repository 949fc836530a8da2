import { shareFolder } from '../../fleet/index.js';
import { present } from '../../present.js';
import { readTokens } from '../../tokens.js';
import type { Context } from '../context.js';
import { beginWork } from '../terminal/begin-work.js';
import { formatDuration } from '../terminal/progress-text.js';
import type { ShareFlags } from './command.js';

/** Does what `revela fleet share` promises; returns the exit code. */
export async function runShare(flags: ShareFlags, context: Context): Promise<number> {
  const { screen, signal, seconds } = beginWork(flags.json ?? false, context);
  const { shared, host, port, open, tokens: file } = flags;
  const tokens = file === undefined ? undefined : await readTokens(file);
  await using sharing = await shareFolder({
    ...present({ shared, host, port, open, tokens }),
    tell: screen.note,
  });
  screen.note(`Sharing ${shared ?? '.'} at ${sharing.address}; Ctrl-C ends`);
  screen.tell({ kind: 'listening', address: sharing.address });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await sharing.close();
  screen.done(`Shared for ${formatDuration(seconds())}`, { seconds: Math.round(seconds()) });
  return 0;
}
