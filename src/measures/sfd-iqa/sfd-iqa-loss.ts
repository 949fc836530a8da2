import { CLIP_STRIDE } from '../../networks/index.js';
import { scopeOf } from '../../nn/index.js';
import { present } from '../../present.js';
import { semanticIqa, sfdIqa } from '../../quality/index.js';
import type { Runtime } from '../../runtime/index.js';
import { mean, negate } from '../../tensor/index.js';
import { longSideDefault } from '../critic/long-side.js';
import type { SemanticCritic } from '../critic/semantic-critic.js';
import { judgesAlone, type LossProgram } from '../loss/loss-program.js';
import type { OptionsOf } from '../../options/index.js';
import { neededJudges, readJudges } from './judges-file.js';
import { eyeOfJudges, sfdCritic } from './sfd-critic.js';
import type { sfdIqaOptions } from './sfd-iqa-facts.js';
import { settledRule } from './settled-rule.js';

/** SFD-IQA through a backbone that is not CLIP, which sees pictures of any size from its least on. */
const semanticLoss = ({ look, eye, feature, directions, rule }: SemanticCritic): LossProgram => ({
  ...{ ...judgesAlone(1), least: look.backbone.leastSide },
  constants: {
    eye,
    ...present({ feature, prompts: directions && { directions } }),
  },
  loss({ eye: seen = {}, feature: heads, prompts }, pictures) {
    const parameters = {
      eye: scopeOf(seen),
      ...present({ feature: heads && scopeOf(heads) }),
      ...prompts,
    };
    return negate(mean(semanticIqa(look, rule)(parameters, pictures)));
  },
});

/** Less the score by SFD-IQA. */
export async function sfdIqaLoss(
  runtime: Runtime,
  { judges: given, clip: file, backbone, ...options }: OptionsOf<typeof sfdIqaOptions>,
): Promise<LossProgram> {
  const judges = neededJudges(given);
  const stored = await readJudges(judges);
  const rule = settledRule(options, stored, stored.statistics?.longSide ?? longSideDefault);
  const eye = await eyeOfJudges(stored, { clip: file, backbone }, judges);
  const critic = await sfdCritic(runtime, stored, eye, rule);
  if ('look' in critic) return semanticLoss(critic);
  const { config, image, feature, directions } = critic;
  return {
    ...judgesAlone(CLIP_STRIDE),
    constants: {
      image,
      ...present({ feature, prompts: directions && { directions } }),
    },
    loss({ image: seen = {}, feature: heads, prompts }, pictures) {
      const parameters = {
        clip: scopeOf(seen),
        ...present({ feature: heads && scopeOf(heads) }),
        ...prompts,
      };
      return negate(mean(sfdIqa(config, rule)(parameters, pictures)));
    },
  };
}
