import type { QualityMeasure } from '../../quality/index.js';
import type { ScoredPicture } from '../scored-pictures.js';
import { present } from '../../present.js';

/**
 * A scored picture and its place among others: 1 is the best. Equal scores share a place; one that the measure could not
 * judge has none.
 */
export interface RankedPicture extends ScoredPicture {
  readonly rank?: number;
}

/** Pictures and the measures that scored them; the first of these decides. */
export interface Scores<Scored extends ScoredPicture = ScoredPicture> {
  readonly measures: readonly QualityMeasure[];
  readonly pictures: readonly Scored[];
}

/**
 * Ranks pictures by the first measure, in the order they came; those that it could not judge have no rank.
 *
 * @example
 * const [best] = bestFirst(rankPictures(await scorePictures(files)));
 */
export function rankPictures<Scored extends ScoredPicture>({
  measures: [first],
  pictures,
}: Scores<Scored>): readonly (Scored & { readonly rank?: number })[] {
  const goodness = ({ scores }: ScoredPicture): number | undefined => {
    const score = first === undefined ? undefined : scoreOf(scores, first);
    return score === undefined || first?.better === 'higher' ? score : -score;
  };
  const places = pictures
    .map(goodness)
    .filter((place) => place !== undefined)
    .sort((a, b) => b - a);
  const ranks = new Map<number, number>();
  for (const [i, place] of places.entries()) if (!ranks.has(place)) ranks.set(place, i + 1);
  return pictures.map((picture) => {
    const rank = ranks.get(goodness(picture) ?? Number.NaN);
    return { ...picture, ...present({ rank }) };
  });
}

/**
 * The best first; of equal ones the order stays. Those without a rank are last.
 *
 * @example
 * const [best] = bestFirst(rankPictures(await scorePictures(files)));
 */
export function bestFirst<Ranked extends RankedPicture>(pictures: readonly Ranked[]): readonly Ranked[] {
  const { length } = pictures;
  return [...pictures].sort(({ rank: a = length + 1 }, { rank: b = length + 1 }) => a - b);
}

/** The score that a measure gave; `undefined` where it could not judge. */
export function scoreOf(scores: ScoredPicture['scores'], { name }: QualityMeasure): number | undefined {
  return Object.entries(scores).find(([key]) => key === name)?.[1];
}

/**
 * The pictures that the first measure finds worse than a score: below it, or above it where lower scores are better. Those
 * that it could not judge are not among them.
 *
 * @example
 * const bad = worseThan(await scorePictures(files, { metrics: ['niqe'] }), 6); // those above 6
 */
export function worseThan<Scored extends ScoredPicture>(
  { measures: [first], pictures }: Scores<Scored>,
  limit: number,
): readonly Scored[] {
  if (first === undefined) return [];
  return pictures.filter(({ scores }) => {
    const score = scoreOf(scores, first);
    return score !== undefined && (first.better === 'higher' ? score < limit : score > limit);
  });
}
