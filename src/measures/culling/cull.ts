import type { FoundBursts } from './find-bursts.js';
import { bestFirst, type RankedPicture, rankPictures, scoreOf } from './rank-pictures.js';
import type { ScoredPictures } from '../scored-pictures.js';

/** A picture of a burst; its rank is its place in the burst. */
export interface CulledPicture extends RankedPicture {
  /** When it was taken, as ISO 8601 writes it; missing where its file does not say. */
  readonly taken?: string;
}

/** A burst whose pictures were scored. */
export interface CulledBurst {
  /** The best one; of equals, the first that was taken. */
  readonly best: CulledPicture;
  /** All of them, the best first. */
  readonly pictures: readonly CulledPicture[];
}

/**
 * Names the best picture of each burst, by the first measure. Pictures that it could not judge are left out.
 *
 * @example
 * const scored = await scorePictures(files);
 * const kept = cull(scored, await findBursts(files)).map(({ best }) => best.picture);
 */
export function cull(
  { measures, pictures }: Pick<ScoredPictures, 'measures' | 'pictures'>,
  { bursts }: Pick<FoundBursts, 'bursts'>,
): readonly CulledBurst[] {
  const [first] = measures;
  const scored = new Map(pictures.map((picture) => [picture.picture, picture]));
  return bursts.flatMap((burst) => {
    const judged = burst.flatMap((member) => {
      const found = scored.get(member.picture);
      const isJudged =
        found !== undefined && first !== undefined && scoreOf(found.scores, first) !== undefined;
      return isJudged ? [{ ...found, ...member }] : [];
    });
    const ordered = bestFirst(rankPictures({ measures, pictures: judged }));
    const [best] = ordered;
    return best === undefined ? [] : [{ best, pictures: ordered }];
  });
}
