import { OptionError } from '../../errors.js';
import { resumeTraining } from '../../api/index.js';
import type { Context } from '../context.js';
import type { RunFlags } from '../options/run-options.js';
import { runTraining } from './run-training.js';

/** Does what `revela train --resume` promises, of whatever kind the run is; returns the exit code. */
export function runResume(
  kind: string | undefined,
  kinds: readonly string[],
  flags: RunFlags,
  context: Context,
): Promise<number> {
  const folder = flags.resume;
  if (kind !== undefined || folder === undefined)
    throw new OptionError(
      `revela train takes one of ${kinds.join(', ')}, or --resume and a run folder, got ${kind ?? 'neither'}`,
    );
  return runTraining(
    {
      ...{ name: 'revela train', inputs: [], flags },
      newRun: () => Promise.reject(new RangeError('a run that goes on is not new')),
      train: (_, { output: _output, resume: _resume, ...options }) => resumeTraining(folder, options),
    },
    context,
  );
}
