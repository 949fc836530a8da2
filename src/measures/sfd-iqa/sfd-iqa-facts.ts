import type { QualityMeasure, SfdCombination, SigmoidPlace } from '../../quality/index.js';
import { lookingOptions, refusedByClip } from '../critic/looking-options.js';
import { choiceOption, numberOption, pathOption, switchOption, weightsOption } from '../measure-option.js';

/** The ways to combine its terms. */
export const sfdCombinations: readonly SfdCombination[] = ['average', 'product', 'weighted', 'logits'];
const sigmoidPlaces: readonly SigmoidPlace[] = ['position', 'picture'];

/** What SFD-IQA is made of. */
export const sfdSources = {
  /** `sfd-iqa`: the CLIP that its discriminators were trained with. Default: the file that the run folder names. */
  clip: weightsOption({ words: 'CLIP', placeholder: 'WEIGHTS', usual: "the run's" }),
  /** `sfd-iqa`: the SqueezeNet or AlexNet that they were trained with, likewise. */
  backbone: weightsOption({ words: 'instead of CLIP', placeholder: 'WEIGHTS', usual: "the run's" }),
  /**
   * `sfd-iqa`: a run folder of the stage sfd, its `judges.safetensors`, or the file that `calibrateSfdIqa` made of one. Needed.
   */
  judges: pathOption({
    words: 'a run of the stage sfd, or what train sfd-iqa made of one',
    placeholder: 'PATH',
    usual: 'required',
  }),
};

/** How its terms become a score; all *inferred*. */
export const sfdRuleOptions = {
  /** `sfd-iqa`: `average`, `product`, `weighted` or `logits`; default `average`. */
  combine: choiceOption(sfdCombinations, {
    words: 'average, product, weighted or logits',
    placeholder: 'RULE',
    usual: 'average',
  }),
  /** `sfd-iqa`: share of Feat-D in `weighted`, from 0 to 1; default 0.5. */
  featureWeight: numberOption(0, 1, {
    words: 'feature share, if weighted',
    placeholder: 'SHARE',
    usual: '0.5',
  }),
  /** `sfd-iqa`: where the sigmoid of Feat-D is taken: at every `position`, the default, or of the `picture`'s mean. */
  sigmoid: choiceOption(sigmoidPlaces, {
    words: 'position or picture',
    placeholder: 'PLACE',
    usual: 'position',
  }),
  /**
   * `sfd-iqa`: whether terms are standardised by what was measured of a set of pictures; default: where that is known, except
   * for `product`. `logits` always are.
   */
  standardise: switchOption({ words: 'standardise', usual: 'if it was calibrated' }),
};

/** All of them. */
export const sfdIqaOptions = { ...sfdSources, ...sfdRuleOptions };

/** What {@link sfdSources} are looked with, too. */
export const sfdSourcesAndLooking = { ...sfdSources, ...lookingOptions };

/** What is to be known about SFD-IQA; where its terms are standardised, it has no bounds. */
export const sfdIqaMeasure: QualityMeasure<'sfd-iqa'> = {
  name: 'sfd-iqa',
  title: 'SFD-IQA',
  summary: "what a training's discriminator of CLIP's features and its learnt prompts think of a picture",
  better: 'higher',
  range: [0, 1],
  ...{ needsReference: false, fromOpinions: false, hasMap: true },
  ...refusedByClip,
  needs: [
    "discriminators: a run of `trainUpscaler({ stage: 'sfd' })`, or what `calibrateSfdIqa()` made of one",
    'the CLIP that they were trained with',
  ],
  source:
    'Dong et al.: Exploring Semantic Feature Discrimination for Perceptual Image Super-Resolution and Opinion-Unaware No-Reference Image Quality Assessment, CVPR 2025; how its terms are combined is inferred',
};
