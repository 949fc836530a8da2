import { clipImage, clipPool, directionLogits, normaliseForClip } from '../../networks/index.js';
import { type Tensor, resizeBilinear } from '../../tensor/index.js';
import { type ClipLookConfig, type ClipLookParameters, lookThroughClip } from '../clip-iqa/clip-look.js';
import { combineTerms, type SfdRule } from './sfd-rule.js';
import { featureTerms, promptTerms, type SfdTerms } from './sfd-terms.js';

/** What SFD-IQA is computed by, besides its parameters. */
export interface SfdIqaConfig extends ClipLookConfig {
  /** What differences of cosines are multiplied by: that of the training. Left out where no prompts were trained. */
  readonly promptScale?: number;
  /**
   * What the prompts were trained on: `native`, the default, CLIP's embedding of pictures as they are, without its table of
   * places; `resized`, of pictures resized bilinearly to CLIP's own side, with the table.
   */
  readonly promptInput?: 'native' | 'resized';
}

/** Parameters of SFD-IQA. */
export interface SfdIqaParameters extends ClipLookParameters {
  /** The prompt pairs as directions, `[pairs, embed_dim]`: all that is needed of texts and of CLIP's text encoder. */
  readonly directions?: Tensor;
}

/** Pictures resized to CLIP's own side, as prompts that were trained so see them: its embedding, and its last stage. */
export function seenResized(
  { clip, normalised = true }: ClipLookConfig,
  { clip: scope }: Pick<ClipLookParameters, 'clip'>,
  resized: Tensor,
): { readonly embedding: Tensor; readonly layer4: Tensor } {
  const { positionalEmbedding, layer4 } = clipImage(clip)(
    scope,
    normalised ? normaliseForClip(resized) : resized,
  );
  if (positionalEmbedding === undefined)
    throw new RangeError(`SFD-IQA: CLIP's table of places is for pictures of ${clip.image_resolution}²`);
  return { embedding: positionalEmbedding, layer4 };
}

/** The prompts' logits of whole pictures, z `[batch, pairs]`, from CLIP's embedding of them. */
export function promptLogitsOf(
  { promptScale = 1 }: SfdIqaConfig,
  { directions }: SfdIqaParameters,
  embedding: Tensor,
): Tensor {
  if (directions === undefined) throw new RangeError('SFD-IQA: the prompts have no directions');
  return directionLogits(embedding, directions, promptScale);
}

/** The terms of pictures from what was seen of them. */
export function sfdTermsOf(
  logits: readonly Tensor[],
  prompts: Tensor | undefined,
  coverage?: readonly Tensor[],
): SfdTerms {
  return {
    ...(logits.length === 0 ? {} : featureTerms(logits, coverage)),
    ...(prompts && promptTerms(prompts)),
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
  const { clip, promptScale, promptInput } = config;
  const look = lookThroughClip(config);
  return (parameters, pictures) => {
    const { logits, layer4 } = look(parameters, pictures);
    if (promptScale === undefined) return combineTerms(sfdTermsOf(logits, undefined), rule);
    const { image_resolution: side } = clip;
    const embedding =
      promptInput === 'resized'
        ? seenResized(config, parameters, resizeBilinear(pictures, [side, side])).embedding
        : clipPool(clip)(parameters.clip, layer4);
    return combineTerms(sfdTermsOf(logits, promptLogitsOf(config, parameters, embedding)), rule);
  };
}
