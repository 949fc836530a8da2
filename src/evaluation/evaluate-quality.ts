import { Belongings } from '../belongings.js';
import { RevelaError } from '../errors.js';
import { readPicture } from '../images/index.js';
import { inThread } from '../in-thread.js';
import { type Agreement, agreement, LEAST_PICTURES, type QualityMeasure } from '../quality/index.js';
import { selected } from './find-pairs.js';
import { settled } from '../options/index.js';
import { checkedQuality, type EvaluateQualityOptions, type JudgedPicture } from './quality-options.js';
import { intervalOptions } from '../quality/options.js';
import { type OpenMeasure, measureOf, settledMetrics } from '../measures/index.js';
import { findOpinionPictures, type OpinionPicture } from './opinions/opinion-pictures.js';
import { readOpinions } from './opinions/opinion-table.js';
import { picturePace } from '../apply/index.js';

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
  const asked = checkedQuality(options);
  const { scores, images, signal, onProgress = () => {} } = asked;
  const table = await readOpinions(scores, asked);
  const found = await findOpinionPictures(table.opinions, images, {
    source: scores,
    skipMissing: asked.skipMissing ?? false,
  });
  const pictures = selected(found.pictures, asked);
  const settings = settledSettings(asked, table.better);
  checkPictures(pictures, scores);
  await using held = new Belongings();
  const opened: OpenMeasure[] = [];
  for (const name of settledMetrics(asked.metrics)) opened.push(held.add(await measureOf(name, asked)));
  const stopped = (): boolean => signal?.aborted === true;
  const judged: JudgedPicture[] = [];
  const failures: { input: string; message: string }[] = [];
  const pace = picturePace(pictures.length);
  for (const picture of pictures) {
    if (stopped()) break;
    try {
      const done = await judge(picture, opened);
      judged.push(done);
      asked.onPicture?.(done);
    } catch (error) {
      if (stopped()) break;
      if (!(error instanceof RevelaError)) throw error;
      failures.push({ input: picture.file, message: error.message });
    }
    onProgress({ kind: 'scoring', picture: picture.name, ...pace() });
  }
  return {
    better: settings.better,
    why: asked.better === undefined ? table.why : 'as `better` says',
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
  const { better = usual } = options;
  return { better, ...settled(intervalOptions, options) };
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
