import {
  directionLogits,
  type FeatureDiscriminatorConfig,
  featureDiscriminator,
  type SemanticBackbone,
} from '../../networks/index.js';
import type { ParameterScope } from '../../nn/index.js';
import type { Tensor } from '../../tensor/index.js';
import { combineTerms, type SfdRule } from './sfd-rule.js';
import { sfdTermsOf } from './sfd-iqa.js';
import type { SfdTerms } from './sfd-terms.js';

/** What looks at whole pictures: a backbone, a discriminator of its features, and pairs of vectors, where there are such. */
export interface SemanticLookConfig {
  readonly backbone: SemanticBackbone;
  /** Whether pictures are normalised as it learnt them; default true. */
  readonly normalised?: boolean;
  readonly feature?: FeatureDiscriminatorConfig;
  /** What differences of cosines are multiplied by; left out where no pairs were trained. */
  readonly promptScale?: number;
}

/** Parameters of what looks. */
export interface SemanticLookParameters {
  readonly eye: ParameterScope;
  /** Of Feat-D, with the vectors of spectral normalisation. */
  readonly feature?: ParameterScope;
  /** The pairs as directions, `[pairs, pooledWidth]`. */
  readonly directions?: Tensor;
}

/** What is seen: Feat-D's logits of each layer, and the terms of each picture. */
export interface SemanticLook {
  readonly logits: readonly Tensor[];
  readonly terms: SfdTerms;
}

/**
 * Looks at whole pictures `[batch, 3, height, width]`, RGB in [0, 1], as the judges of a training do.
 *
 * @example
 * const { terms } = lookThroughBackbone({ backbone: squeezenetBackbone, feature })(parameters, pictures);
 */
export function lookThroughBackbone({
  backbone,
  normalised = true,
  feature,
  promptScale,
}: SemanticLookConfig): (parameters: SemanticLookParameters, pictures: Tensor) => SemanticLook {
  return ({ eye, feature: heads, directions }, pictures) => {
    const { stages, pooled } = backbone.look(eye, normalised ? backbone.normalise(pictures) : pictures);
    const logits =
      feature === undefined || heads === undefined ? [] : featureDiscriminator(feature)(heads, stages);
    const prompts =
      promptScale === undefined || directions === undefined
        ? undefined
        : directionLogits(pooled, directions, promptScale);
    return { logits, terms: sfdTermsOf(logits, prompts) };
  };
}

/**
 * SFD-IQA over any backbone: `sfdIqa` where that is not CLIP, pictures seen whole. Differentiable in the pictures.
 *
 * @returns scores `[batch]`; higher is better
 */
export function semanticIqa(
  config: SemanticLookConfig,
  rule: SfdRule,
): (parameters: SemanticLookParameters, pictures: Tensor) => Tensor {
  const look = lookThroughBackbone(config);
  return (parameters, pictures) => combineTerms(look(parameters, pictures).terms, rule);
}
