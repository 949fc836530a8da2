import { clipBackbone, clipRn50Config, featureKernels, torchvisionBackbones } from '../../networks/index.js';
import {
  choice,
  flag,
  list,
  number,
  numberOf,
  type OptionsOf,
  parsed,
  path,
  whole,
} from '../../options/index.js';
import type { ImageDiscriminatorName } from '../../upscale/index.js';
import {
  adversarialLosses,
  featureDiscriminatorDefault,
  promptAverages,
  promptDefault,
  promptInputs,
} from '../../upscale/choices.js';

/** The discriminators that may take part in an adversarial training. */
export type DiscriminatorName = 'feature' | 'prompt' | ImageDiscriminatorName;

/** All of {@link DiscriminatorName}. */
export const discriminatorNames: readonly DiscriminatorName[] = ['feature', 'prompt', 'unet', 'vgg'];

/** All that discriminators can look through. */
const backbones = [clipBackbone(clipRn50Config), ...torchvisionBackbones];
const stageNames = [...new Set(backbones.flatMap(({ stages }) => stages.map(({ name }) => name)))];
const stageTexts = backbones.map(
  ({ title, stages, usualStages }) =>
    `of ${title} ${stages.map(({ name }) => name).join(', ')} (default: ${usualStages.join(',')})`,
);

const textsIn = (typed: string): readonly string[] => typed.split(',').map((text) => text.trim());

const arePairs = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length % 2 === 0 &&
  value.every((text) => typeof text === 'string' && text !== '');

const numbersIn = (typed: string): readonly number[] => typed.split(',').map(Number);

const areBetas = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((beta) => beta >= 0 && beta < 1);

/** When weights are set where nothing else is said. */
export const CALIBRATE_AT = 1000;

const rate = { above: 0, to: 1000 } as const;

/** What the discriminators of features and of prompts look through, and who judges. */
const judging = {
  /** CLIP's weights: needed by the discriminators `feature` and `prompt`, where there is no `backbone`. */
  clip: path({ words: 'what feature and prompt look through, such as RN50' }),
  /**
   * Weights of torchvision's SqueezeNet 1.1 or AlexNet, through which these discriminators look instead of CLIP. It knows no text: prompts are
   * pairs of vectors in the space of its pooled feature, *this project's own variation*.
   */
  backbone: path({ words: 'the same, of squeezenet1_1 or alexnet' }),
  /** Who judges; default `feature` and `prompt`, as SFD has it. */
  discriminators: list(choice(discriminatorNames, { words: '' }), {
    ...{ flag: 'discriminator', value: 'LIST', commas: true, usual: 'feature,prompt' },
    ...{ least: 1, default: ['feature', 'prompt'], words: `of ${discriminatorNames.join(', ')}` },
  }),
  /** Default `vanilla`. */
  adversarialLoss: choice(adversarialLosses, { default: 'vanilla', words: 'vanilla or relativistic' }),
};

const features = {
  /** Stages of CLIP or the backbone that the discriminator of features looks at; default two in the middle, of CLIP `layer2` and `layer3`. */
  featureLayers: list(choice(stageNames, { words: '' }), {
    ...{ value: 'LIST', commas: true, least: 1, words: `stages that feature sees: ${stageTexts.join('; ')}` },
  }),
  /** Channels of its heads; default 256. */
  featureChannels: whole({
    from: 1,
    to: 4096,
    default: featureDiscriminatorDefault.hidden,
    words: 'channels of its heads',
  }),
  /** Convolutions of each head, at least 2; default 3. */
  featureDepth: whole({ from: 2, to: 16, default: 3, words: 'convolutions per head' }),
  /** Side of the kernels in the middle of its heads, 1 or 3; default 1. */
  featureKernel: numberOf(featureKernels, {
    ...{ default: 1, words: `kernel of the inner ones, ${featureKernels.join(' or ')}` },
  }),
  /** Whether features are divided by their root mean square on fixed patches before it sees them; default true. */
  featureScaling: flag({
    ...{ default: true, words: 'normalise the features', off: 'do not normalise the features' },
  }),
  /** Whether pictures are normalised by CLIP's mean and deviation before CLIP sees them; default true. */
  clipNormalisation: flag({
    ...{ default: true, words: "normalise CLIP's pictures", off: "do not normalise CLIP's pictures" },
  }),
};

const prompts = {
  /** Prompt pairs; default 1. */
  promptPairs: whole({
    from: 1,
    to: 64,
    words: 'pairs of learnt prompts',
    usual: String(promptDefault.pairs),
  }),
  /** Learnt vectors of each prompt; default 16. */
  promptTokens: whole({ from: 1, to: 75, default: promptDefault.tokens, words: 'vectors per prompt' }),
  /** What differences of cosines are multiplied by; default 100. */
  promptScale: number({ ...rate, default: promptDefault.scale, words: 'scale of cosines' }),
  /** The same in what the generator minimises, and nowhere else; default: as `promptScale`. */
  promptLossScale: number({ ...rate, words: "the same in the upscaler's loss", usual: 'equal' }),
  /** Words that the prompts begin with instead of noise: of every pair first those of the good prompt. */
  promptWords: parsed<readonly string[]>(textsIn, arePairs, {
    ...{ value: 'TEXTS', words: 'such as "good photo,bad photo"', usual: 'noise' },
    expected: 'texts in pairs, of a good picture and of a bad one, such as "good photo,bad photo"',
  }),
  /** Standard deviation of the first vectors; default 0.02. */
  promptDeviation: number({
    above: 0,
    to: 10,
    default: promptDefault.deviation,
    words: 'deviation of the initial noise',
  }),
  /** How pictures are seen by the prompts; default `native`. */
  promptInput: choice(promptInputs, {
    default: promptDefault.input,
    words: "native, or resized to CLIP's size",
  }),
  /** What is averaged over several pairs; default `losses`. */
  promptAverage: choice(promptAverages, {
    default: promptDefault.average,
    words: 'losses or logits of pairs',
  }),
  /** The learning rate of the prompts as a multiple of the generator's; default 1. */
  promptRate: number({ ...rate, default: 1, words: 'times the learning rate' }),
};

const playing = {
  /** The learning rate of the other discriminators as a multiple of the generator's; default 1. */
  discriminatorRate: number({ ...rate, default: 1, words: 'the same of the others' }),
  /** β₁ and β₂ of the discriminators' Adam; default 0.9 and 0.99. */
  discriminatorBetas: parsed<readonly [number, number]>(numbersIn, areBetas, {
    ...{ value: 'LIST', default: [0.9, 0.99], usual: '0.9,0.99', words: 'β₁ and β₂ of their Adam' },
    expected: 'two numbers of at least 0 and below 1, such as 0.9,0.99',
  }),
  /** Steps between two measurements of each discriminator's gradient at the enlarged picture; 0 for none; default 100. */
  calibrateEvery: whole({
    ...{ from: 0, default: 100, value: 'STEPS', words: 'steps between measured gradients' },
  }),
  /**
   * Sets the weights of deceiving the discriminators once, so that the gradient of each has this share of the norm of the
   * perceptual loss's (of LPIPS, of VGG19), or of the pixel loss's where there is none. Default: the weights stay as they are.
   */
  adversarialShare: number({
    ...{ above: 0, to: 10, usual: 'off' },
    words: 'set their weights once, to this share of the honest gradient, such as 0.07',
  }),
  /** After which step; default 1000. */
  calibrateAt: whole({
    from: 1,
    value: 'STEP',
    words: 'the step at which that is done',
    usual: String(CALIBRATE_AT),
  }),
};

/** What the adversarial stage alone can be told. SFD's own values are not published: all defaults are *inferred*. */
export const gameOptions = { ...judging, ...features, ...prompts, ...playing };

/** What the adversarial stage alone can be told. SFD's own values are not published: all defaults are *inferred*. */
export interface GameOptions extends OptionsOf<typeof gameOptions> {}
