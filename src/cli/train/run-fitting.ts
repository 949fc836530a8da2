import type { Progress } from '../../api/index.js';
import { beginWork, toTenths } from '../terminal/begin-work.js';
import type { Context } from '../context.js';
import { formatDuration } from '../terminal/progress-text.js';
import { stop } from '../terminal/stop.js';
import { counted } from '../terminal/wording.js';

/** What a command made of pictures, in one file. */
export interface Fitted {
  readonly path: string;
  readonly pictures: number;
  /** For programs. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * Makes one file of pictures that are looked at one after the other; Ctrl-C leaves nothing.
 *
 * @param done what the last line begins with, such as `Fitted on`
 * @returns the exit code
 */
export async function runFitting(
  { json, done, context }: { readonly json: boolean; readonly done: string; readonly context: Context },
  make: (work: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: Progress) => void;
  }) => Promise<Fitted>,
): Promise<number> {
  const { screen, signal, seconds } = beginWork(json, context);
  try {
    const { path, pictures, facts } = await make({ signal, onProgress: screen.report });
    screen.endLine();
    screen.written(counted(pictures, 'picture'), path);
    screen.done(`${done} ${counted(pictures, 'picture')} in ${formatDuration(seconds())}`, {
      ...facts,
      pictures,
      seconds: toTenths(seconds()),
    });
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    return stop('stopped; nothing was written', signal);
  } finally {
    screen.endLine();
  }
}
