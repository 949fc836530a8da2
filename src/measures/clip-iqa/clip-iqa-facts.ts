import type { ClipWeights } from '../../models/index.js';
import type { AntonymPair, QualityMeasure } from '../../quality/index.js';
import { refusedByClip } from '../critic/looking-options.js';
import { type MeasureOption, weightsOption } from '../measure-option.js';
import type { PromptText } from './prompt-tokens.js';

const pairs: MeasureOption<readonly AntonymPair<PromptText>[]> = {
  form: {
    kind: 'pairs',
    good: 'prompt, with a --bad each (default: Good photo.)',
    bad: 'the other prompt (default: Bad photo.)',
  },
  words: 'pairs of texts for good and bad pictures, whose answers are averaged',
  placeholder: 'TEXT',
  usual: 'Good photo. and Bad photo.',
};

/** What CLIP-IQA is made of. */
export const clipIqaOptions = {
  /** `clip-iqa`: a CLIP with a ResNet, or what was read from one; default OpenAI's RN50 of the store, the paper's. */
  clip: weightsOption<ClipWeights>({
    words: 'CLIP',
    placeholder: 'WEIGHTS',
    usual: 'RN50',
    file: async () => 'RN50',
  }),
  /** `clip-iqa`: pairs of a text for good and one for bad pictures, whose answers are averaged; default `Good photo.` and `Bad photo.` */
  pairs,
};

/** What is to be known about CLIP-IQA. */
export const clipIqaMeasure: QualityMeasure<'clip-iqa'> = {
  name: 'clip-iqa',
  title: 'CLIP-IQA',
  summary: 'how much more a picture looks like “Good photo.” than like “Bad photo.” to CLIP',
  better: 'higher',
  range: [0, 1],
  ...{ needsReference: false, fromOpinions: false, hasMap: true },
  ...refusedByClip,
  needs: ["a CLIP with a ResNet: OpenAI's RN50.pt"],
  source:
    'Wang, Chan, Loy: Exploring CLIP for Assessing the Look and Feel of Images, AAAI 2023, with its first pair of texts',
};
