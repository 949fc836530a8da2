import { Belongings } from '../belongings.js';
import { optionError, RevelaError } from '../errors.js';
import { readPicture } from '../images/index.js';
import { inThread } from '../in-thread.js';
import { type Agreement, agreement, LEAST_PICTURES, type QualityMeasure } from '../quality/index.js';
import type { Progress } from '../apply/index.js';
import { type Selection, selected } from './find-pairs.js';
import { type OptionNames, refuseUnknownOptions } from '../known-options.js';
import {
  type MeasureOptions,
  type OpenMeasure,
  measureOf,
  measureOptionNames,
  settledMetrics,
} from '../measures/index.js';
import { findOpinionPictures, type OpinionPicture } from './opinions/opinion-pictures.js';
import { type OpinionColumns, readOpinions } from './opinions/opinion-table.js';
import { seedOf, wholeNumber } from '../option-checks.js';
import { picturePace } from '../apply/index.js';

/** Options of {@link evaluateQuality}. */
export interface EvaluateQualityOptions extends OpinionColumns, Selection, MeasureOptions {
  /** A table of comma-separated values, with a column of names and one of what people said; see `readOpinions`. */
  readonly scores: string;
  /** The folder of the pictures. */
  readonly images: string;
  /** Names of measures without a reference, of `measureNames`; default `revela`, the scorer that the package ships. */
  readonly metrics?: readonly string[] | undefined;
  /** Which opinions are good; default: as the database has it whose table it is, `lower` for a column titled DMOS, otherwise `higher`. */
  readonly better?: 'higher' | 'lower' | undefined;
  /** Leaves out names that stand for no picture; otherwise they are refused. Default false. */
  readonly skipMissing?: boolean | undefined;
  /** How often pictures are drawn again for the confidence intervals; default 1000, 0 for none. */
  readonly resamples?: number | undefined;
  /** Share of the draws inside of the intervals; default 0.95. */
  readonly confidence?: number | undefined;
  /** Of the draws; default 0. */
  readonly seed?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Gets each picture as soon as all measures have judged it. */
  readonly onPicture?: ((picture: JudgedPicture) => void) | undefined;
}

const ownNames: OptionNames<Omit<EvaluateQualityOptions, keyof MeasureOptions>> = {
  ...{ nameColumn: true, scoreColumn: true, every: true, limit: true, onLeftOut: true },
  ...{ scores: true, images: true, metrics: true, better: true, skipMissing: true },
  ...{ resamples: true, confidence: true, seed: true, onPicture: true },
};

/** A picture that people and measures judged. */
export interface JudgedPicture extends OpinionPicture {
  /** By the names of the measures. */
  readonly scores: Readonly<Record<string, number>>;
}

/** How well a measure agrees with people, or why that cannot be said. */
export interface MeasureAgreement {
  readonly measure: Pick<QualityMeasure, 'name' | 'title' | 'better' | 'range'>;
  readonly agreement?: Agreement;
  readonly refusal?: string;
}

/** What {@link evaluateQuality} found. */
export interface QualityEvaluation {
  /** Which opinions were taken for good. */
  readonly better: 'higher' | 'lower';
  /** By what that is known, for people: `as KADID-10k has it`. */
  readonly why: string;
  /** Pictures that every measure judged, in the order of the table: all correlations are of these. */
  readonly pictures: readonly JudgedPicture[];
  readonly measures: readonly MeasureAgreement[];
  /** Pictures that could not be read, or that a measure would not judge. */
  readonly failures: readonly { readonly input: string; readonly message: string }[];
  /** Names of the table that stand for no picture. */
  readonly missing: readonly string[];
  /** False where the signal stopped it before the last picture. */
  readonly finished: boolean;
}

/** How the numbers are defined, for people. */
export const agreementDefinitions =
  "SRCC: Spearman's rank correlation. PLCC: Pearson's after a logistic of four parameters (VQEG). KRCC: Kendall's τ-b. Positive where measure and people agree, whether high or low scores are good";

/** Which scores of people were taken for good, and how to turn that, for people. */
export function directionText({ better, why, measures }: QualityEvaluation): string {
  const other = better === 'higher' ? 'lower' : 'higher';
  const values = measures.flatMap(({ agreement: found }) => (found === undefined ? [] : [found.srcc.value]));
  const doubt =
    values.length > 0 && values.every((value) => value < DOUBTFUL)
      ? `; every measure says the opposite of these people, so that \`better\` ${other} may be right`
      : '';
  const turn = why === 'as `better` says' ? '' : ` (\`better\` ${other} turns it)`;
  return `${better === 'higher' ? 'Higher' : 'Lower'} scores of people are taken for good, ${why}${turn}${doubt}`;
}

/** Measures that say so much the opposite of people are rare. */
const DOUBTFUL = -0.2;

/**
 * Compares measures of quality with what people said of pictures: correlations with bootstrap confidence intervals.
 *
 * @throws RevelaError, one line, for anything that the user can mend: a table without the columns, names without a picture,
 *   scores that are no numbers or all equal, fewer than 5 pictures, an unknown measure, missing files of a measure
 *
 * @example
 * const { measures } = await evaluateQuality({ scores: 'mos.csv', images: 'photos/', metrics: ['revela', 'niqe'] });
 * for (const { measure, agreement } of measures) console.log(measure.title, agreement?.srcc.value);
 */
export async function evaluateQuality(options: EvaluateQualityOptions): Promise<QualityEvaluation> {
  refuseUnknownOptions('evaluateQuality', options, { ...measureOptionNames, ...ownNames });
  const { scores, images, signal, onProgress = () => {} } = options;
  const table = await readOpinions(scores, options);
  const found = await findOpinionPictures(table.opinions, images, {
    source: scores,
    skipMissing: options.skipMissing ?? false,
  });
  const pictures = selected(found.pictures, options);
  const settings = settledSettings(options, table.better);
  checkPictures(pictures, scores);
  await using held = new Belongings();
  const opened: OpenMeasure[] = [];
  for (const name of settledMetrics(options.metrics)) opened.push(held.add(await measureOf(name, options)));
  const stopped = (): boolean => signal?.aborted === true;
  const judged: JudgedPicture[] = [];
  const failures: { input: string; message: string }[] = [];
  const pace = picturePace(pictures.length);
  for (const picture of pictures) {
    if (stopped()) break;
    try {
      const done = await judge(picture, opened);
      judged.push(done);
      options.onPicture?.(done);
    } catch (error) {
      if (stopped()) break;
      if (!(error instanceof RevelaError)) throw error;
      failures.push({ input: picture.file, message: error.message });
    }
    onProgress({ kind: 'scoring', picture: picture.name, ...pace() });
  }
  return {
    better: settings.better,
    why: options.better === undefined ? table.why : 'as `better` says',
    pictures: judged,
    measures: await Promise.all(opened.map(({ measure }) => agreementOf(measure, judged, settings))),
    failures,
    missing: found.missing,
    finished: judged.length + failures.length === pictures.length,
  };
}

interface Settings {
  readonly better: 'higher' | 'lower';
  readonly resamples: number;
  readonly confidence: number;
  readonly seed: number;
}

function settledSettings(options: EvaluateQualityOptions, usual: 'higher' | 'lower'): Settings {
  const { better = usual, resamples = 1000, confidence = 0.95 } = options;
  if (!(confidence > 0 && confidence < 1))
    throw optionError('confidence', 'between 0 and 1', confidence, { code: 'ERR_OUT_OF_RANGE' });
  wholeNumber(resamples, 0, 1_000_000, 'resamples');
  return { better, resamples, confidence, seed: seedOf(options) };
}

/** What would be refused after all pictures were scored is refused before. */
function checkPictures(pictures: readonly OpinionPicture[], source: string): void {
  const [first] = pictures;
  if (pictures.length < LEAST_PICTURES)
    throw new RevelaError(
      `${source}: agreement with people needs at least ${LEAST_PICTURES} pictures, and ${pictures.length} of its pictures are taken`,
    );
  if (pictures.every(({ opinion }) => opinion === first?.opinion))
    throw new RevelaError(
      `${source}: the scores of the ${pictures.length} pictures that are taken are all ${first?.opinion}, and with these nothing can agree or disagree`,
    );
}

async function judge(picture: OpinionPicture, measures: readonly OpenMeasure[]): Promise<JudgedPicture> {
  const decoded = await readPicture(picture.file);
  const scores: Record<string, number> = {};
  for (const { measure, score } of measures) {
    try {
      scores[measure.name] = await score(decoded);
    } catch (error) {
      if (!(error instanceof RevelaError)) throw error;
      throw new RevelaError(`${picture.file}: ${error.message}`, { cause: error });
    }
  }
  return { ...picture, scores };
}

/** A thousand fits take seconds. */
const agreementAside = inThread(new URL('../quality/index.js', import.meta.url), agreement);

/** Correlations of one measure. Opinions that are good where they are low are turned, and the fit is turned back. */
async function agreementOf(
  measure: MeasureAgreement['measure'],
  pictures: readonly JudgedPicture[],
  { better, ...settings }: Settings,
): Promise<MeasureAgreement> {
  const sign = better === 'higher' ? 1 : -1;
  const scores = pictures.map((picture) => picture.scores[measure.name] ?? Number.NaN);
  const opinions = pictures.map(({ opinion }) => sign * opinion);
  try {
    const found = await agreementAside(scores, opinions, { ...settings, better: measure.better });
    const [upper, lower, middle, width] = found.fit;
    return { measure, agreement: { ...found, fit: [sign * upper, sign * lower, middle, width] } };
  } catch (error) {
    if (!(error instanceof RevelaError)) throw error;
    return { measure, refusal: `${measure.title}: ${error.message}` };
  }
}
