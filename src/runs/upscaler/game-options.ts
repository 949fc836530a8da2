import { OptionError } from '../../errors.js';
import type { FeatureKernel } from '../../networks/index.js';
import type {
  AdversarialLoss,
  ImageDiscriminatorName,
  PromptAverage,
  PromptInput,
} from '../../upscale/index.js';
import type { HonestOptions } from './honest-settings.js';

/** The discriminators that may take part in an adversarial training. */
export type DiscriminatorName = 'feature' | 'prompt' | ImageDiscriminatorName;

/** All of {@link DiscriminatorName}. */
export const discriminatorNames: readonly DiscriminatorName[] = ['feature', 'prompt', 'unet', 'vgg'];

/** What an adversarial training can be told. SFD's own values are not published: all defaults are *inferred*. */
export interface GameOptions extends HonestOptions {
  /** CLIP's weights: needed by the discriminators `feature` and `prompt`, where there is no `backbone`. */
  readonly clip?: string;
  /**
   * Weights of torchvision's SqueezeNet 1.1 or AlexNet, through which these discriminators look instead of CLIP. It knows no text: prompts are
   * pairs of vectors in the space of its pooled feature, *this project's own variation*.
   */
  readonly backbone?: string;
  /** Who judges; default `feature` and `prompt`, as SFD has it. */
  readonly discriminators?: readonly DiscriminatorName[];
  /** Default `vanilla`. */
  readonly adversarialLoss?: AdversarialLoss;
  /** Stages of CLIP or the backbone that the discriminator of features looks at; default two in the middle, of CLIP `layer2` and `layer3`. */
  readonly featureLayers?: readonly string[];
  /** Channels of its heads; default 256. */
  readonly featureChannels?: number;
  /** Convolutions of each head, at least 2; default 3. */
  readonly featureDepth?: number;
  /** Side of the kernels in the middle of its heads, 1 or 3; default 1. */
  readonly featureKernel?: FeatureKernel;
  /** Whether features are divided by their root mean square on fixed patches before it sees them; default true. */
  readonly featureScaling?: boolean;
  /** Prompt pairs; default 1. */
  readonly promptPairs?: number;
  /** Learnt vectors of each prompt; default 16. */
  readonly promptTokens?: number;
  /** What differences of cosines are multiplied by; default 100. */
  readonly promptScale?: number;
  /** The same in what the generator minimises, and nowhere else; default: as `promptScale`. */
  readonly promptLossScale?: number;
  /** Standard deviation of the first vectors; default 0.02. */
  readonly promptDeviation?: number;
  /** Words that the prompts begin with instead of noise: of every pair first those of the good prompt. */
  readonly promptWords?: readonly string[];
  /** How pictures are seen by the prompts; default `native`. */
  readonly promptInput?: PromptInput;
  /** What is averaged over several pairs; default `losses`. */
  readonly promptAverage?: PromptAverage;
  /** The learning rate of the prompts as a multiple of the generator's; default 1. */
  readonly promptRate?: number;
  /** The learning rate of the other discriminators as a multiple of the generator's; default 1. */
  readonly discriminatorRate?: number;
  /** β₁ and β₂ of the discriminators' Adam; default 0.9 and 0.99. */
  readonly discriminatorBetas?: readonly [number, number];
  /** Whether pictures are normalised by CLIP's mean and deviation before CLIP sees them; default true. */
  readonly clipNormalisation?: boolean;
  /** Steps between two measurements of each discriminator's gradient at the enlarged picture; 0 for none; default 100. */
  readonly calibrateEvery?: number;
  /**
   * Sets the weights of deceiving the discriminators once, so that the gradient of each has this share of the norm of the
   * perceptual loss's (of LPIPS, of VGG19), or of the pixel loss's where there is none. Default: the weights stay as they are.
   */
  readonly adversarialShare?: number;
  /** After which step; default 1000. */
  readonly calibrateAt?: number;
}

/** Whether a discriminator looks through CLIP or another backbone. */
export const looksThroughEye = (name: DiscriminatorName): boolean => name === 'feature' || name === 'prompt';

/** The options of the adversarial stage alone, as messages name them. */
const typed: readonly (readonly [keyof GameOptions, string])[] = [
  ['clip', 'clip'],
  ['backbone', 'backbone'],
  ['discriminators', 'discriminators'],
  ['adversarialLoss', 'adversarialLoss'],
  ['featureLayers', 'featureLayers'],
  ['featureChannels', 'featureChannels'],
  ['featureDepth', 'featureDepth'],
  ['featureKernel', 'featureKernel'],
  ['featureScaling', 'featureScaling: false'],
  ['promptPairs', 'promptPairs'],
  ['promptTokens', 'promptTokens'],
  ['promptScale', 'promptScale'],
  ['promptLossScale', 'promptLossScale'],
  ['promptDeviation', 'promptDeviation'],
  ['promptWords', 'promptWords'],
  ['promptInput', 'promptInput'],
  ['promptAverage', 'promptAverage'],
  ['promptRate', 'promptRate'],
  ['discriminatorRate', 'discriminatorRate'],
  ['discriminatorBetas', 'discriminatorBetas'],
  ['clipNormalisation', 'clipNormalisation: false'],
  ['calibrateEvery', 'calibrateEvery'],
  ['adversarialShare', 'adversarialShare'],
  ['calibrateAt', 'calibrateAt'],
];

/** The first option that was given, of those whose names begin so; what is on by itself is not given by being on. */
const givenOf = (options: GameOptions, prefix: string): string | undefined =>
  typed.find(
    ([key, name]) => name.startsWith(prefix) && options[key] !== undefined && options[key] !== true,
  )?.[1];

/** Refuses options of the adversarial stage where there is none: they would do nothing. */
export function refuseGameOptions(options: GameOptions): void {
  const weighed = (['feature', 'prompt', 'image'] as const).find(
    (name) => options.lossWeights?.[name] !== undefined,
  );
  const given = givenOf(options, '') ?? (weighed === undefined ? undefined : `lossWeights.${weighed}`);
  if (given !== undefined)
    throw new OptionError(`\`${given}\` belongs to \`stage\` sfd, and the stage pixel has no use for it`);
}

/** Refuses options of texts and of CLIP where discriminators look through a backbone that knows no text. */
export function refuseTexts(options: GameOptions): void {
  if (options.clip !== undefined)
    throw new OptionError('`clip` and `backbone`: discriminators look through one of them, leave one out');
  const [given] = typed.filter(
    ([key]) => ['promptTokens', 'promptWords', 'promptInput'].includes(key) && options[key] !== undefined,
  );
  const name = given?.[1] ?? (options.clipNormalisation === false ? 'clipNormalisation: false' : undefined);
  if (name !== undefined)
    throw new OptionError(
      `\`${name}\` is for CLIP, which knows texts, and \`backbone\` names a network that does not: leave it out`,
    );
}

/** Refuses options of discriminators that do not take part. */
export function refuseAbsent(options: GameOptions, discriminators: readonly DiscriminatorName[]): void {
  for (const name of ['feature', 'prompt'] as const) {
    if (discriminators.includes(name)) continue;
    const weighed = options.lossWeights?.[name] === undefined ? undefined : `lossWeights.${name}`;
    const given = givenOf(options, name) ?? weighed;
    if (given !== undefined)
      throw new OptionError(
        `\`${given}\` is for the discriminator ${name}, which \`discriminators\` leaves out`,
      );
  }
  const eye = options.clip === undefined ? options.backbone && 'backbone' : 'clip';
  if (eye !== undefined && !discriminators.some(looksThroughEye))
    throw new OptionError(
      `\`${eye}\` is for the discriminators feature and prompt, which \`discriminators\` leaves out`,
    );
  if (options.clipNormalisation === false && !discriminators.some(looksThroughEye))
    throw new OptionError(
      '`clipNormalisation: false` is for the discriminators feature and prompt, which `discriminators` leaves out',
    );
  if (options.lossWeights?.image !== undefined && discriminators.every(looksThroughEye))
    throw new OptionError(
      '`lossWeights.image` is for a discriminator of pictures: add unet or vgg to `discriminators`',
    );
}
