import type { CallOptions, DeviceOptions } from '../../apply/index.js';
import { disposable } from '../../belongings.js';
import { type PictureInput, pictureOf } from '../../images/index.js';
import type { ScorerWeights } from '../../models/index.js';
import type { QualityMeasure } from '../../quality/index.js';
import type { BareMeasure } from '../measure.js';
import { mapOf } from './judge-picture.js';
import { scorerFor } from './open-scorer.js';

/** Opens a scorer as a measure: its map is on the scale of the other measures' maps. */
export async function openRevela(
  { scorer: weights, ...options }: DeviceOptions & { readonly scorer?: string | ScorerWeights | undefined },
  measure: QualityMeasure,
): Promise<BareMeasure> {
  const scorer = await scorerFor({ ...options, weights });
  return disposable({
    measure,
    device: scorer.device,
    score: async (picture: PictureInput, call?: CallOptions) => (await scorer.score(picture, call)).score,
    async map(input: PictureInput, call?: CallOptions) {
      const picture = await pictureOf(input);
      return mapOf(await scorer.score(picture, call), picture);
    },
    close: () => scorer.close(),
  });
}
