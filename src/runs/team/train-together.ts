import { disposable } from '../../belongings.js';
import { RevelaError } from '../../errors.js';
import { present } from '../../present.js';
import { type Crew, crewObjective } from '../../rounds/index.js';
import type { Course } from '../learn.js';
import type { RunKind } from '../run-kind.js';
import type { RunOptions } from '../run-options.js';
import type { TrainingSettings } from '../run-settings.js';
import type { TeamPaths, TeamSettings } from './team.js';

/**
 * Lets a team begin with a run.
 *
 * @throws RevelaError as the team's `begin`
 */
export function beginTogether<Settings extends TrainingSettings>(
  folder: string,
  kind: Pick<RunKind<Settings>, 'share' | 'product'>,
  settings: Settings,
  { team, onProgress, signal }: RunOptions,
): Promise<Crew & AsyncDisposable> | undefined {
  const { team: how } = settings;
  if (team === undefined || how === undefined) return undefined;
  const { share } = kind;
  if (share === undefined) throw notTogether(kind);
  return team.begin({
    ...{ folder, workers: how.workers },
    settings: (paths: TeamPaths) => share(settings, paths),
    tell: (message) => onProgress?.({ kind: 'note', message }),
    ...present({ signal }),
  });
}

/** What is told of a kind of training that one machine does. */
export const notTogether = ({ product }: Pick<RunKind, 'product'>): RevelaError =>
  new RevelaError(`${product} is not trained over machines: leave out \`fleet\``);

/** What the stages of a course learn from, where a crew does the steps. */
export function fromCrew(crew: Crew, { localSteps, outerRate, outerMomentum }: TeamSettings): Course['open'] {
  const plan = { ...present({ localSteps }), outer: { rate: outerRate, momentum: outerMomentum } };
  return (size) =>
    disposable({
      objective: crewObjective(crew, plan, size),
      data: { at: async () => ({}) },
      close: async () => {},
    });
}
