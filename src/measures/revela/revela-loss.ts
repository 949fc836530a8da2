import { loadScorerWeights, type ScorerWeights, shippedScorerPath } from '../../models/index.js';
import { SCORER_STRIDE } from '../../networks/index.js';
import { scorerScores } from '../../quality/index.js';
import { mean, negate } from '../../tensor/index.js';
import { judgesAlone, type LossProgram } from '../loss/loss-program.js';

/** Less the score of a scorer. */
export async function revelaLoss({
  scorer = shippedScorerPath(),
}: {
  readonly scorer?: string | ScorerWeights | undefined;
}): Promise<LossProgram> {
  const { description, parameters } = typeof scorer === 'string' ? await loadScorerWeights(scorer) : scorer;
  return {
    ...judgesAlone(SCORER_STRIDE),
    constants: { parameters },
    loss: ({ parameters: own = {} }, pictures) =>
      negate(mean(scorerScores(description.network)(own, pictures))),
  };
}
