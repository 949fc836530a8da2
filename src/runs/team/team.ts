import { OptionError, RevelaError } from '../../errors.js';
import { present } from '../../present.js';
import type { Crew } from '../../rounds/index.js';

/** How several train together: what the numbers of a run depend on. */
export interface TeamSettings {
  /** How many shares a round has, each with batches of its own. */
  readonly workers: number;
  /** Steps that each does alone between two rounds; left out: gradients are added in every step. */
  readonly localSteps?: number;
  /** How far a round of local steps moves the weights. */
  readonly outerRate: number;
  /** Nesterov's momentum of these moves. */
  readonly outerMomentum: number;
}

/** How pictures and weights are named to those who have them elsewhere, or found again. */
export interface TeamPaths {
  picture(path: string): Promise<string>;
  weights(path: string): Promise<string>;
}

/** A run that a team is to train. */
export interface TeamRun {
  /** Its folder. */
  readonly folder: string;
  readonly workers: number;
  /** Its settings as members need them, with paths as they are named to them. */
  settings(paths: TeamPaths): Promise<object>;
  /** Hears, a line each, what is worth a word. */
  tell(line: string): void;
  readonly signal?: AbortSignal | undefined;
}

/** Others who train, wherever they are: see `openTeam` of `revela/fleet`. What is left out is the run's where one goes on. */
export interface Team extends Partial<TeamSettings> {
  begin(run: TeamRun): Promise<Crew & AsyncDisposable>;
}

const usual = { outerRate: 0.7, outerMomentum: 0.9 };

/**
 * The settings of a new run that a team trains.
 *
 * @throws OptionError for numbers that do not go together
 */
export function newTeamSettings({ workers = 1, localSteps, outerRate, outerMomentum }: Team): TeamSettings {
  if (localSteps === undefined && (outerRate ?? outerMomentum) !== undefined)
    throw new OptionError(
      '`outerRate` and `outerMomentum` are for local steps: give `localSteps`, or leave them out',
    );
  return {
    workers,
    ...present({ localSteps }),
    outerRate: outerRate ?? usual.outerRate,
    outerMomentum: outerMomentum ?? usual.outerMomentum,
  };
}

/**
 * Checks who goes on with a run: a team with a team's, with the same numbers.
 *
 * @throws RevelaError where they do not fit
 */
export function checkTeam(folder: string, settings: TeamSettings | undefined, team: Team | undefined): void {
  if (settings === undefined && team === undefined) return;
  if (settings === undefined)
    throw new RevelaError(
      `${folder} is trained by one machine alone: go on without a fleet, or begin a new run`,
    );
  if (team === undefined)
    throw new RevelaError(
      `${folder} is trained over machines, ${settings.workers} shares a round: give the address of their queue (\`fleet\`)`,
    );
  for (const name of ['workers', 'localSteps', 'outerRate', 'outerMomentum'] as const)
    if (team[name] !== undefined && team[name] !== settings[name])
      throw new OptionError(
        `\`${name}\` of ${folder} is ${settings[name] ?? 'not set'} and stays so: leave it out, or begin a new run`,
      );
}
