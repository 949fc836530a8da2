import { clipPool, directionLogits } from '../networks/index.js';
import type { Tensor } from '../tensor/index.js';
import { type ClipLookConfig, type ClipLookParameters, lookThroughClip } from './clip-look.js';
import { combineTerms, type SfdRule } from './sfd-rule.js';
import { featureTerms, promptTerms, type SfdTerms } from './sfd-terms.js';

/** What SFD-IQA is computed by, besides its parameters. */
export interface SfdIqaConfig extends ClipLookConfig {
  /** What differences of cosines are multiplied by: that of the training. Left out where no prompts were trained. */
  readonly promptScale?: number;
}

/** Parameters of SFD-IQA. */
export interface SfdIqaParameters extends ClipLookParameters {
  /** The prompt pairs as directions, `[pairs, embed_dim]`: all that is needed of texts and of CLIP's text encoder. */
  readonly directions?: Tensor;
}

/** What is known of SFD-IQA before it looks at a picture; its range depends on the rule. */
export const sfdIqaMeasure = {
  name: 'sfd-iqa',
  title: 'SFD-IQA (reconstruction)',
  better: 'higher',
  needsReference: false,
} as const;

/** The prompts' logits of whole pictures, z `[batch, pairs]`, from CLIP's last stage. */
export function promptLogitsOf(
  { clip, promptScale }: SfdIqaConfig,
  { clip: scope, directions }: SfdIqaParameters,
  layer4: Tensor,
): Tensor | undefined {
  if (promptScale === undefined) return undefined;
  if (directions === undefined) throw new RangeError('SFD-IQA: the prompts have no directions');
  return directionLogits(clipPool(clip)(scope, layer4), directions, promptScale);
}

/** The terms of pictures from what was seen of them. */
export function sfdTermsOf(
  logits: readonly Tensor[],
  prompts: Tensor | undefined,
  coverage?: readonly Tensor[],
): SfdTerms {
  return {
    ...(logits.length === 0 ? {} : featureTerms(logits, coverage)),
    ...(prompts === undefined ? {} : promptTerms(prompts)),
  };
}

/**
 * SFD-IQA (Dong et al., CVPR 2025): what a trained discriminator of CLIP's features and trained prompt pairs think of
 * pictures, without a reference and without ever having seen an opinion. That the score is made of these two is stated by
 * the paper; how they are combined is not known, and *inferred*.
 *
 * This is the whole measure as a tensor program, differentiable in the pictures.
 *
 * @returns a function from parameters and pictures `[batch, 3, height, width]`, RGB in [0, 1], sides multiples of 32, to
 *   scores `[batch]`; higher is better
 *
 * @example
 * const quality = sfdIqa({ clip, feature, promptScale: 100 }, sfdRuleDefault)(parameters, pictures);
 * const loss = negate(mean(quality));
 */
export function sfdIqa(
  config: SfdIqaConfig,
  rule: SfdRule,
): (parameters: SfdIqaParameters, pictures: Tensor) => Tensor {
  const look = lookThroughClip(config);
  return (parameters, pictures) => {
    const { logits, layer4 } = look(parameters, pictures);
    return combineTerms(sfdTermsOf(logits, promptLogitsOf(config, parameters, layer4)), rule);
  };
}
