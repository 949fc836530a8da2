import type { QualityMeasure, SfdCombination, SigmoidPlace } from '../../quality/index.js';
import { refusedByClip } from '../critic/looking-options.js';
import { choice, flag, number } from '../../options/index.js';
import { fileOption, pathOption } from '../measure-option.js';

/** The ways to combine its terms. */
export const sfdCombinations = [
  'average',
  'product',
  'weighted',
  'logits',
] as const satisfies readonly SfdCombination[];
const sigmoidPlaces = ['position', 'picture'] as const satisfies readonly SigmoidPlace[];

/** What SFD-IQA is made of. */
export const sfdSources = {
  /** `sfd-iqa`: the CLIP that its discriminators were trained with. Default: the file that the run folder names. */
  clip: fileOption({ words: 'CLIP', usual: "the run's" }),
  /** `sfd-iqa`: the SqueezeNet or AlexNet that they were trained with, likewise. */
  backbone: fileOption({ words: 'instead of CLIP', usual: "the run's" }),
  /**
   * `sfd-iqa`: a run folder of the stage sfd, its `judges.safetensors`, or the file that `calibrateSfdIqa` made of one. Needed.
   */
  judges: pathOption({
    words: 'a run of the stage sfd, or what train sfd-iqa made of one',
    usual: 'required',
  }),
};

/** How its terms become a score; all *inferred*. */
export const sfdRuleOptions = {
  /** `sfd-iqa`: `average`, `product`, `weighted` or `logits`; default `average`. */
  combine: choice(sfdCombinations, {
    value: 'RULE',
    words: 'average, product, weighted or logits',
    default: 'average',
  }),
  /** `sfd-iqa`: share of Feat-D in `weighted`, from 0 to 1; default 0.5. */
  featureWeight: number({
    ...{ from: 0, to: 1, value: 'SHARE', default: 0.5 },
    words: 'feature share, if weighted',
  }),
  /** `sfd-iqa`: where the sigmoid of Feat-D is taken: at every `position`, the default, or of the `picture`'s mean. */
  sigmoid: choice(sigmoidPlaces, {
    value: 'PLACE',
    words: 'position or picture',
    default: 'position',
  }),
  /**
   * `sfd-iqa`: whether terms are standardised by what was measured of a set of pictures; default: where that is known, except
   * for `product`. `logits` always are.
   */
  standardise: flag({
    words: 'standardise',
    usual: 'if it was calibrated',
    off: 'do not standardise',
  }),
};

/** All of them. */
export const sfdIqaOptions = { ...sfdSources, ...sfdRuleOptions };

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
