import { RevelaError } from '../errors.js';
import type { ScoredPictures } from '../library/index.js';
import { printableJson } from '../printable.js';
import type { Context } from './context.js';
import { exitCodes } from './failure.js';
import { formatDuration } from './progress-text.js';
import type { ScoreFlags } from './score-command.js';
import {
  bestFirst,
  ranked,
  type RankedPicture,
  scoreOf,
  scoresCsv,
  scoresText,
  scoreText,
} from './score-table.js';
import { pathLine, type Screen } from './screen.js';
import { stop } from './stop.js';
import { counted } from './wording.js';

/** What the end of `revela score` depends on. */
export interface Ending {
  /** How many pictures were to be scored. */
  readonly all: number;
  readonly flags: ScoreFlags;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly screen: Screen;
  readonly context: Context;
}

/** So many pictures take long enough that a record is worth a hint. */
const worthRecording = 50;

/** Writes a line for other programs. */
export function tell(facts: object, { stdout }: Context): void {
  stdout.write(`${printableJson(facts)}\n`);
}

/** Shows the scores and what could not be scored; returns the exit code, 0 only if every picture was scored by all measures. */
export function finishScoring(result: ScoredPictures, ending: Ending): number {
  const { all, flags, seconds, signal, screen, context } = ending;
  const { measures, pictures, failures, finished } = result;
  const [first] = failures;
  if (finished && pictures.length === 0 && first !== undefined)
    throw new RevelaError(
      all === 1
        ? failures.map(({ message }) => message).join('; ')
        : `none of the ${all} pictures could be scored; the first: ${first.message}`,
    );
  const bestOf = flags.bestOf === true;
  if (!bestOf && pictures.length > 0) showScores(result, flags, context);
  screen.failed(failures.map(({ message }) => message));
  if (!finished) return stop(stoppedText(pictures.length, ending), signal);
  if (bestOf) nameBest(result, ending);
  else {
    const failed = new Set(failures.map(({ picture }) => picture)).size;
    const scored = failed === 0 ? counted(all, 'picture') : `${all - failed} of ${all} pictures`;
    screen.done(`Scored ${scored} in ${formatDuration(seconds)}`, {
      measures: measures.map(({ name, title, better, range }) => ({ name, title, better, range })),
      ...{ pictures: pictures.length, failures, seconds },
    });
  }
  return failures.length === 0 ? 0 : exitCodes.failure;
}

function stoppedText(scored: number, { all, flags }: Ending): string {
  if (scored === 0) return 'stopped before anything was scored';
  const rest =
    flags.record !== undefined
      ? '; the same command goes on from there'
      : all >= worthRecording
        ? '; with --record FILE the same command would go on from there'
        : '';
  return `stopped after ${scored} of ${counted(all, 'picture')}${rest}`;
}

/** Standard output: the table, or with `--sort` the lines for programs that could not be written before. */
function showScores(
  result: ScoredPictures,
  { json = false, csv = false, sort = false }: ScoreFlags,
  context: Context,
): void {
  const inOrder = ranked(result);
  const pictures: readonly RankedPicture[] = sort ? bestFirst(inOrder) : inOrder;
  if (!json) context.stdout.write((csv ? scoresCsv : scoresText)(result.measures, pictures));
  else if (sort) for (const picture of pictures) tell({ kind: 'picture', ...picture }, context);
}

/** One line for people or programs: the best picture. */
function nameBest(result: ScoredPictures, { all, flags, seconds, screen, context }: Ending): void {
  const [measure] = result.measures;
  const [best] = bestFirst(ranked(result));
  const score = best === undefined || measure === undefined ? undefined : scoreOf(best.scores, measure);
  if (best === undefined || measure === undefined || score === undefined)
    throw new RevelaError(
      `${measure?.title ?? 'the measure'} could judge none of the ${counted(all, 'picture')}: name another first`,
    );
  const { picture, scores } = best;
  if (flags.json === true) {
    const { name, better } = measure;
    const { failures } = result;
    tell({ kind: 'best', picture, metric: name, better, scores, pictures: all, failures, seconds }, context);
    return;
  }
  context.stdout.write(pathLine(picture, context.stdout));
  const good = `${measure.title} ${scoreText(measure, score)}, ${measure.better} is better`;
  screen.done(`The best of ${counted(all, 'picture')}: ${picture} (${good})`, {});
}
