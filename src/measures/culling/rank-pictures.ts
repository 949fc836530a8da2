import type { QualityMeasure } from '../../quality/index.js';
import type { ScoredPicture } from '../score-pictures.js';

/** A scored picture and its place among others: 1 is the best. Equal scores share a place. */
export interface RankedPicture extends ScoredPicture {
  readonly rank: number;
}

/** Pictures and the measures that scored them; the first of these decides. */
export interface Scores<Scored extends ScoredPicture = ScoredPicture> {
  readonly measures: readonly QualityMeasure[];
  readonly pictures: readonly Scored[];
}

/**
 * Ranks pictures by the first measure, in the order they came; those that it could not judge are last.
 *
 * @example
 * const [best] = bestFirst(rankPictures(await scorePictures(files)));
 */
export function rankPictures<Scored extends ScoredPicture>({
  measures: [first],
  pictures,
}: Scores<Scored>): readonly (Scored & { readonly rank: number })[] {
  const goodness = ({ scores }: ScoredPicture): number => {
    const score = first === undefined ? undefined : scoreOf(scores, first);
    if (score === undefined) return Number.NEGATIVE_INFINITY;
    return first?.better === 'higher' ? score : -score;
  };
  const places = pictures.map(goodness).sort((a, b) => (a === b ? 0 : b - a));
  const firstPlace = new Map<number, number>();
  for (const [i, place] of places.entries()) if (!firstPlace.has(place)) firstPlace.set(place, i + 1);
  return pictures.map((picture) => ({ ...picture, rank: firstPlace.get(goodness(picture)) ?? 1 }));
}

/** The best first; of equal ones the order stays. */
export function bestFirst<Ranked extends RankedPicture>(pictures: readonly Ranked[]): readonly Ranked[] {
  return [...pictures].sort((a, b) => a.rank - b.rank);
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
