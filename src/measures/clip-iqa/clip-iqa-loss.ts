import { loadClip } from '../../models/index.js';
import { CLIP_STRIDE } from '../../networks/index.js';
import { scopeOf } from '../../nn/index.js';
import { clipIqa } from '../../quality/index.js';
import type { Runtime } from '../../runtime/index.js';
import { mean, negate } from '../../tensor/index.js';
import { judgesAlone, type LossProgram } from '../loss/loss-program.js';
import type { OptionsOf } from '../../options/index.js';
import type { clipIqaOptions } from './clip-iqa-facts.js';
import { directionsOfTokens } from './prompt-directions.js';
import { tokensOfPairs } from './prompt-tokens.js';

/** Less the score by CLIP-IQA. */
export async function clipIqaLoss(
  runtime: Runtime,
  { clip: given = 'RN50', pairs }: OptionsOf<typeof clipIqaOptions>,
): Promise<LossProgram> {
  const clip = typeof given === 'string' ? await loadClip(given) : given;
  const tokens = await tokensOfPairs(pairs, clip.config.context_length);
  const prompts = { directions: await directionsOfTokens(runtime, clip, tokens) };
  return {
    ...judgesAlone(CLIP_STRIDE),
    constants: { image: clip.image, prompts },
    loss({ image = {}, prompts: { directions } = {} }, pictures) {
      if (directions === undefined) throw new RangeError('CLIP-IQA has no prompts');
      return negate(mean(clipIqa(clip.config, clip.logitScale)(scopeOf(image), directions, pictures)));
    },
  };
}
