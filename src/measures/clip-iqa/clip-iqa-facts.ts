import type { ClipWeights } from '../../models/index.js';
import type { AntonymPair, QualityMeasure } from '../../quality/index.js';
import { refusedByClip } from '../critic/looking-options.js';
import { parsed, rows } from '../../options/index.js';
import { weightsOption } from '../measure-option.js';
import type { PromptText } from './prompt-tokens.js';

const isText = (value: unknown): boolean =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((token: unknown) => Number.isInteger(token)));

/** One of the texts of a pair. */
const prompt = (words: string, usual: string) =>
  parsed<PromptText>((typed) => typed, isText, {
    ...{ value: 'TEXT', expected: 'a text, or the numbers of its tokens' },
    ...{ words, usual },
  });

const pairs = rows<AntonymPair<PromptText>>(
  {
    good: prompt('prompt, each with a bad one', 'Good photo.'),
    bad: prompt('the other prompt', 'Bad photo.'),
  },
  {
    expected: 'a list of pairs of texts, { good, bad }',
    words: 'pairs of texts for good and bad pictures, whose answers are averaged',
    usual: 'Good photo. and Bad photo.',
  },
);

/** What CLIP-IQA is made of. */
export const clipIqaOptions = {
  /** `clip-iqa`: a CLIP with a ResNet, or what was read from one; default OpenAI's RN50 of the store, the paper's. */
  clip: weightsOption<ClipWeights>('loadClip', {
    words: 'CLIP',
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
