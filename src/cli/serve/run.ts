import { chosen } from '../../options/index.js';
import { present } from '../../present.js';
import { readTokens, serve } from '../../serve/index.js';
import { limitOptions } from '../../serve/options.js';
import { beginWork } from '../terminal/begin-work.js';
import { formatDuration } from '../terminal/progress-text.js';
import type { Context } from '../context.js';
import type { ServeFlags } from './command.js';

/** Does what `revela serve` promises; returns the exit code. */
export async function runServe(
  { host, port, tokens: file, open, device, threads, json = false, ...flags }: ServeFlags,
  context: Context,
): Promise<number> {
  const { screen, signal, seconds } = beginWork(json, context);
  const tokens = file === undefined ? undefined : await readTokens(file);
  await using service = await serve({
    ...present({ host, port, tokens, open, device, threads }),
    limits: chosen(limitOptions, flags),
  });
  screen.note(`Listening at ${service.address}; Ctrl-C ends`);
  screen.tell({ kind: 'listening', address: service.address });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await service.close();
  screen.done(`Served for ${formatDuration(seconds())}`, { seconds: Math.round(seconds()) });
  return 0;
}
