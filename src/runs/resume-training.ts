import { describedRun, kindOf } from './described-run.js';
import type { RunOptions } from './run-options.js';
import { type TrainedWeights, trainRun } from './training-run.js';

/** How a run goes on: its own settings count, but for how long. */
export type ResumeOptions = Omit<RunOptions, 'output' | 'resume'>;

/**
 * Goes on with a run of whatever kind of training, after its last checkpoint.
 *
 * @throws RevelaError if the folder is missing, holds no run, or one whose settings are damaged, and as its training
 *
 * @example
 * await resumeTraining('runs/garden', { steps: 20_000 });
 */
export async function resumeTraining(folder: string, options: ResumeOptions = {}): Promise<TrainedWeights> {
  const { settings } = await describedRun(folder);
  return trainRun(kindOf(settings), { ...options, resume: folder });
}
