import { RevelaError } from '../../errors.js';
import { checked, settled } from '../../options/plain.js';
import { type AgreementOptions, agreementOptions } from '../arithmetic-options.js';
import { createRandom } from '../../random.js';
import { firstLogistic, fitLogistic, type LogisticParameters, logistic } from './logistic.js';
import { kendall, pearson, spearman } from './ranks.js';

/** A number, and where it would lie in other samples of pictures. */
export interface Estimate {
  readonly value: number;
  /** The ends of the confidence interval. */
  readonly low: number;
  readonly high: number;
}

/** How well a measure agrees with people. */
export interface Agreement {
  /** How many pictures were compared. */
  readonly pictures: number;
  /** Spearman's rank correlation. */
  readonly srcc: Estimate;
  /** Pearson's correlation after a logistic of four parameters. */
  readonly plcc: Estimate;
  /** Kendall's τ-b. */
  readonly krcc: Estimate;
  /** The logistic that was fitted: what people would say of a score. */
  readonly fit: LogisticParameters;
}

/** Fewer pictures than the logistic has parameters cannot be fitted. */
export const LEAST_PICTURES = 5;

/** Of the fits to drawn pictures: an interval needs no more. */
const DRAW_PRECISION = 1e-4;

/**
 * Compares scores with what people said of the same pictures: SRCC, PLCC after the usual logistic, KRCC, each with a confidence
 * interval by the bootstrap (pictures drawn with replacement, percentiles). A measure that people agree with has positive
 * correlations, whether high or low scores are good.
 *
 * @param scores and opinions, of one picture at one place
 * @throws RevelaError for fewer than 5 pictures, numbers that are not finite, scores or opinions that are all equal
 * @throws OptionError for an option that cannot be; RangeError for lists of different length
 *
 * @example
 * const { srcc } = agreement(scores, opinions, { better: 'lower' });
 * console.log(`${srcc.value} (${srcc.low} to ${srcc.high})`);
 */
export function agreement(
  scores: readonly number[],
  opinions: readonly number[],
  options: AgreementOptions = {},
): Agreement {
  const asked = checked('agreement', agreementOptions, options);
  const { better, resamples, confidence, seed } = settled(agreementOptions, asked);
  check(scores, opinions);
  const sign = better === 'higher' ? 1 : -1;
  const rises = better === 'higher';
  const oriented = scores.map((score) => sign * score);
  const start = firstLogistic(scores, opinions, rises);
  const fit = fitLogistic(scores, opinions, start);
  const whole = {
    srcc: spearman(oriented, opinions),
    plcc: fittedCorrelation(scores, opinions, fit),
    krcc: kendall(oriented, opinions),
  };
  const draws: Record<keyof typeof whole, number[]> = { srcc: [], plcc: [], krcc: [] };
  for (let draw = 0; draw < resamples; draw++) {
    const places = drawPlaces(scores, opinions, seed, draw);
    const pick = (values: readonly number[]): number[] => Array.from(places, (i) => values[i] ?? 0);
    const [x, y] = [pick(scores), pick(opinions)];
    const turned = x.map((score) => sign * score);
    draws.srcc.push(spearman(turned, y));
    draws.plcc.push(fittedCorrelation(x, y, fitLogistic(x, y, fit, DRAW_PRECISION)));
    draws.krcc.push(kendall(turned, y));
  }
  const estimate = (name: keyof typeof whole): Estimate => ({
    value: whole[name],
    ...interval(draws[name], whole[name], confidence),
  });
  return {
    pictures: scores.length,
    srcc: estimate('srcc'),
    plcc: estimate('plcc'),
    krcc: estimate('krcc'),
    fit,
  };
}

function check(scores: readonly number[], opinions: readonly number[]): void {
  if (scores.length !== opinions.length)
    throw new RangeError(`agreement: ${scores.length} scores and ${opinions.length} opinions`);
  if (scores.length < LEAST_PICTURES)
    throw new RevelaError(
      `agreement with people needs at least ${LEAST_PICTURES} pictures with scores and opinions, got ${scores.length}`,
    );
  for (const [name, values] of [
    ['scores', scores],
    ['opinions', opinions],
  ] as const) {
    const strange = values.find((value) => !Number.isFinite(value));
    if (strange !== undefined)
      throw new RevelaError(`the ${name} must be finite numbers, one of them is ${strange}`);
    if (values.every((value) => value === values[0]))
      throw new RevelaError(
        `the ${name} are all ${values[0]}: nothing can be said of their agreement; give pictures of different quality`,
      );
  }
}

/** Pearson's correlation of opinions with what the logistic makes of the scores. */
function fittedCorrelation(
  x: readonly number[],
  y: readonly number[],
  parameters: LogisticParameters,
): number {
  const found = pearson(
    x.map((score) => logistic(parameters, score)),
    y,
  );
  // A logistic that is flat says nothing of any picture.
  return Number.isNaN(found) ? 0 : found;
}

/** Pictures drawn with replacement, again where all that were drawn are alike. */
function drawPlaces(
  scores: readonly number[],
  opinions: readonly number[],
  seed: number,
  draw: number,
): Int32Array {
  const random = createRandom(seed, draw);
  const places = new Int32Array(scores.length);
  const varies = (values: readonly number[]): boolean =>
    places.some((place) => values[place] !== values[places[0] ?? 0]);
  do {
    for (let i = 0; i < places.length; i++) places[i] = random.integer(places.length);
  } while (!varies(scores) || !varies(opinions));
  return places;
}

/** The middle share of numbers. */
function interval(
  draws: readonly number[],
  value: number,
  confidence: number,
): Pick<Estimate, 'low' | 'high'> {
  if (draws.length === 0) return { low: value, high: value };
  const sorted = Float64Array.from(draws).sort();
  const outside = (1 - confidence) / 2;
  return { low: quantile(sorted, outside), high: quantile(sorted, 1 - outside) };
}

/** A quantile of sorted numbers, between two of them in proportion. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low = 0, high = low] = [sorted[below] ?? 0, sorted[Math.min(below + 1, sorted.length - 1)] ?? 0];
  return low + (place - below) * (high - low);
}
