import { dirname } from 'node:path';
import { OptionError, RevelaError } from '../../../errors.js';
import { fileError } from '../../../file-errors.js';
import { checkReplacesNone } from '../../../file-identity.js';
import { makeFolder } from '../../../make-folder.js';
import {
  checkTarget,
  formatOfPath,
  agreementDefinitions,
  defaultMeasure,
  directionText,
  type EvaluateQualityOptions,
  evaluateQuality,
  type MeasureAgreement,
  measureNamed,
  type QualityEvaluation,
} from '../../../api/index.js';
import { intervalOptions, machineOptions, opinionOptions, selectionOptions } from '../../../api/options.js';
import { chosen } from '../../../options/index.js';
import { reportQuality } from '../../../report/index.js';
import { writeBeside } from '../../../write-beside.js';
import { beginWork, checkTableForm, toTenths } from '../../terminal/begin-work.js';
import type { Context } from '../../context.js';
import { present } from '../../../present.js';
import { exitCodes } from '../../terminal/failure.js';
import { formatDuration } from '../../terminal/progress-text.js';
import { measureOptions } from '../../options/measure-options.js';
import type { EvaluateQualityFlags } from './command.js';
import { qualityCsv, qualityText } from './quality-table.js';
import { announced, type Screen } from '../../terminal/screen.js';
import { Stopped, stop } from '../../terminal/stop.js';
import { counted } from '../../terminal/wording.js';

/** Does what `revela evaluate quality` promises; returns the exit code. */
export async function runEvaluateQuality(flags: EvaluateQualityFlags, context: Context): Promise<number> {
  const { json = false, csv = false, overwrite = false, report } = flags;
  checkTableForm(flags);
  const { stdout } = context;
  const { screen, signal, seconds } = beginWork(json, context);
  try {
    if (report !== undefined) await checkReport(report, flags, overwrite);
    const evaluation = await evaluateQuality({
      ...(await optionsOf(flags, context)),
      onProgress: announced(`Scoring the pictures of ${flags.scores}`, screen),
      onPicture: (picture) => screen.tell({ kind: 'picture', ...picture }),
      signal,
    });
    screen.endLine();
    const { measures, missing, pictures } = evaluation;
    if (missing.length > 0)
      screen.note(`Left out: ${counted(missing.length, 'name')} without a picture (${missing[0]}…)`);
    for (const { measure, ...found } of measures) screen.tell(measureFacts(measure, found, evaluation));
    if (pictures.length > 0 && !json) stdout.write(csv ? qualityCsv(evaluation) : textOf(evaluation, flags));
    if (csv) screen.note(directionText(evaluation));
    if (signal.aborted) {
      screen.failed(evaluation.failures.map(({ message }) => message));
      return stop(stoppedText(pictures.length), signal);
    }
    if (report !== undefined) await writeReport(evaluation, report, flags, screen);
    return finish(evaluation, seconds(), screen);
  } catch (error) {
    if (!signal.aborted || error instanceof Stopped) throw error;
    return stop('stopped before anything was scored', signal);
  } finally {
    screen.endLine();
  }
}

/** The page must not take the place of what it tells of. */
async function checkReport(
  report: string,
  { scores }: EvaluateQualityFlags,
  overwrite: boolean,
): Promise<void> {
  await checkReplacesNone([report], [scores], 'table of scores');
  if (formatOfPath(report) !== undefined)
    throw new OptionError(
      `--report ${report} is named like a picture, and a page is written; give it a name such as quality.html`,
    );
  await checkTarget(report, { overwrite });
}

/** The library's options: what was typed, and files in place of names. */
async function optionsOf(flags: EvaluateQualityFlags, context: Context): Promise<EvaluateQualityOptions> {
  const metrics = (flags.metrics ?? [defaultMeasure]).map((name) => measureNamed(name));
  return {
    ...chosen({ ...opinionOptions, ...selectionOptions, ...intervalOptions, ...machineOptions }, flags),
    ...{ scores: flags.scores, images: flags.images, metrics },
    ...(await measureOptions(flags, metrics, context)),
  };
}

/** What programs are told of a measure. */
function measureFacts(
  { name, title, better }: MeasureAgreement['measure'],
  { agreement, refusal }: Omit<MeasureAgreement, 'measure'>,
  { pictures, better: betterOpinion }: QualityEvaluation,
): Readonly<Record<string, unknown>> {
  return {
    ...{ kind: 'measure', name, title, better, betterOpinion, pictures: pictures.length },
    ...agreement,
    refusal,
  };
}

function stoppedText(judged: number): string {
  if (judged === 0) return 'stopped before anything was scored';
  return `stopped after ${counted(judged, 'picture')}; the correlations are of these`;
}

function textOf(
  evaluation: QualityEvaluation,
  { confidence = 0.95, resamples }: EvaluateQualityFlags,
): string {
  const intervals =
    resamples === 0
      ? 'No confidence intervals were asked for.'
      : `In brackets: the interval that holds ${Number((100 * confidence).toPrecision(4))} % of bootstrap draws of pictures.`;
  return qualityText(evaluation, agreementDefinitions, intervals);
}

async function writeReport(
  evaluation: QualityEvaluation,
  report: string,
  { scores, confidence }: EvaluateQualityFlags,
  screen: Screen,
): Promise<void> {
  const options = { source: scores, ...present({ confidence }) };
  const page = new TextEncoder().encode(await reportQuality(evaluation, options));
  try {
    await makeFolder(dirname(report));
    await writeBeside(report, [page]);
  } catch (error) {
    throw fileError(`cannot write ${report}`, error);
  }
  // Standard output is the table's.
  screen.report({ kind: 'written', input: scores, output: report });
}

/** Says how it ended; a measure or a picture of which nothing can be said makes the exit code 1. */
function finish(evaluation: QualityEvaluation, seconds: number, screen: Screen): number {
  const { measures, pictures, failures, missing, better, why } = evaluation;
  const [first] = failures;
  if (pictures.length === 0 && first !== undefined)
    throw new RevelaError(
      failures.length === 1
        ? first.message
        : `none of the ${failures.length} pictures could be scored; the first: ${first.message}`,
    );
  const refused = measures.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal]));
  screen.failed([...failures.map(({ message }) => message), ...refused]);
  const all = pictures.length + failures.length;
  const scored = failures.length === 0 ? counted(all, 'picture') : `${pictures.length} of ${all} pictures`;
  screen.done(`Scored ${scored} in ${formatDuration(seconds)}`, {
    definitions: agreementDefinitions,
    betterOpinion: better,
    betterOpinionWhy: why,
    ...{ failures, missing },
    seconds: toTenths(seconds),
  });
  return failures.length + refused.length === 0 ? 0 : exitCodes.failure;
}
