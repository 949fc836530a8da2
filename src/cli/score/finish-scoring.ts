import { RevelaError } from '../../errors.js';
import {
  bestFirst,
  type RankedPicture,
  rankPictures,
  type ScoredPictures,
  type QualityMeasure,
} from '../../api/index.js';
import { printableJson } from '../../printable.js';
import { toTenths } from '../terminal/begin-work.js';
import type { Context } from '../context.js';
import { exitCodes } from '../terminal/failure.js';
import { formatDuration } from '../terminal/progress-text.js';
import type { ScoreFlags } from './command.js';
import { qualityGate } from './quality-gate.js';
import { scoresCsv, scoresText } from './score-table.js';
import type { Screen } from '../terminal/screen.js';
import { stop } from '../terminal/stop.js';
import { counted } from '../terminal/wording.js';

/** What the end of `revela score` depends on. */
export interface Ending {
  /** How many pictures were to be scored. */
  readonly all: number;
  readonly flags: ScoreFlags;
  /** Since the work began. */
  seconds(): number;
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

/**
 * Refuses a result without a score.
 *
 * @throws RevelaError with the first reason
 */
export function refuseNothing({ finished, pictures, failures }: ScoredPictures, all: number): void {
  const [first] = failures;
  if (!finished || pictures.length > 0 || first === undefined) return;
  throw new RevelaError(
    all === 1
      ? failures.map(({ message }) => message).join('; ')
      : `none of the ${all} pictures could be scored; the first: ${first.message}`,
  );
}

/** Shows the scores and what could not be scored; returns the exit code, 0 only if every picture was scored by all measures, as well as is asked for. */
export function finishScoring(result: ScoredPictures, ending: Ending): number {
  const { all, flags, seconds, signal, screen, context } = ending;
  const { measures, pictures, failures, finished } = result;
  refuseNothing(result, all);
  if (pictures.length > 0) showScores(result, flags, context);
  const gate = qualityGate(result, flags);
  screen.failed([...failures.map(({ message }) => message), ...gate.messages]);
  if (!finished) return stop(stoppedText(pictures.length, ending), signal);
  screen.done(`Scored ${scoredText(result, all)} in ${formatDuration(seconds())}`, {
    measures: measures.map(toldMeasure),
    ...{ pictures: pictures.length, failures, ...gate.facts, seconds: toTenths(seconds()) },
  });
  return failures.length === 0 ? gate.exitCode : exitCodes.failure;
}

/** `5 pictures`, `4 of 5 pictures`, `5 pictures (2 of them not by every measure)`. */
export function scoredText(
  { pictures, failures }: Pick<ScoredPictures, 'pictures' | 'failures'>,
  all: number,
): string {
  const failed = new Set(failures.map(({ picture }) => picture));
  const inPart = pictures.filter(({ picture }) => failed.has(picture)).length;
  const scored = pictures.length === all ? counted(all, 'picture') : `${pictures.length} of ${all} pictures`;
  return inPart === 0 ? scored : `${scored} (${inPart} of them not by every measure)`;
}

/** What programs are told of a measure. */
export function toldMeasure({ name, title, better, range }: QualityMeasure): object {
  return { name, title, better, range };
}

export function stoppedText(scored: number, { all, flags }: Ending): string {
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
  const inOrder = rankPictures(result);
  const pictures: readonly RankedPicture[] = sort ? bestFirst(inOrder) : inOrder;
  if (!json) context.stdout.write((csv ? scoresCsv : scoresText)(result.measures, pictures));
  else if (sort) for (const picture of pictures) tell({ kind: 'picture', ...picture }, context);
}
