import { resolve } from 'node:path';
import { OptionError, RevelaError } from '../errors.js';
import { type ClipStage, clipStages, type FeatureDiscriminatorConfig } from '../networks/index.js';
import {
  type AdversarialLoss,
  adversarialLosses,
  featureDiscriminatorDefault,
  type GameWeights,
  imageDiscriminators,
  type ImageDiscriminatorName,
  type PromptConfig,
  promptDefault,
} from '../upscale/index.js';
import { fileSha256 } from '../weights/index.js';
import { wholeNumber } from './denoiser-options.js';
import type { Recipe } from './recipe.js';

/** The discriminators that may take part in an adversarial training. */
export type DiscriminatorName = 'feature' | 'prompt' | ImageDiscriminatorName;

/** All of {@link DiscriminatorName}. */
export const discriminatorNames: readonly DiscriminatorName[] = ['feature', 'prompt', 'unet', 'vgg'];

/** What an adversarial training can be told. SFD's own values are not published: all defaults are *inferred*. */
export interface GameOptions {
  /** CLIP's weights: needed by the discriminators `feature` and `prompt`. */
  readonly clip?: string;
  /** VGG19's weights, for the perceptual loss; without them there is none. */
  readonly vgg?: string;
  /** Who judges; default `feature` and `prompt`, as SFD has it. */
  readonly discriminators?: readonly DiscriminatorName[];
  /** Default `vanilla`. */
  readonly adversarialLoss?: AdversarialLoss;
  /** Stages of CLIP that the discriminator of features looks at; default `layer2` and `layer3`. */
  readonly featureLayers?: readonly ClipStage[];
  /** Channels of its heads; default 256. */
  readonly featureChannels?: number;
  /** Prompt pairs; default 1. */
  readonly promptPairs?: number;
  /** Learnt vectors of each prompt; default 16. */
  readonly promptTokens?: number;
  /** What differences of cosines are multiplied by; default 100. */
  readonly promptScale?: number;
  /** The learning rate of the prompts as a multiple of the generator's; default 1. */
  readonly promptRate?: number;
  /** The learning rate of the other discriminators as a multiple of the generator's; default 1. */
  readonly discriminatorRate?: number;
  /** What each loss counts, instead of what the preset says. */
  readonly lossWeights?: Partial<GameWeights>;
}

/** A file of weights that nobody learns, and what is in it: a run goes on with the same numbers or not at all. */
export interface FrozenFile {
  readonly path: string;
  readonly sha256: string;
}

/** The file as it is now. */
export async function frozenFile(path: string): Promise<FrozenFile>;
export async function frozenFile(path: string | undefined): Promise<FrozenFile | null>;
export async function frozenFile(path: string | undefined): Promise<FrozenFile | null> {
  return path === undefined ? null : { path: resolve(path), sha256: await fileSha256(path) };
}

/**
 * Checks that a file is still the one that a run began with.
 *
 * @throws RevelaError if it is missing or another one
 */
export async function checkFrozen({ path, sha256 }: FrozenFile): Promise<void> {
  if ((await fileSha256(path)) !== sha256)
    throw new RevelaError(
      `${path} is not the file that the run began with (its SHA-256 was ${sha256.slice(0, 12)}…): put that one back, or start a new run`,
    );
}

/** How an adversarial training is played, settled. */
export interface GameSettings {
  readonly clip: FrozenFile | null;
  readonly vgg: FrozenFile | null;
  readonly discriminators: readonly DiscriminatorName[];
  readonly loss: AdversarialLoss;
  readonly feature: FeatureDiscriminatorConfig;
  readonly prompt: PromptConfig;
  readonly rates: { readonly prompt: number; readonly others: number };
  readonly weights: GameWeights;
}

/** The options of the adversarial stage, with the names that users type. */
const typed: readonly (readonly [keyof GameOptions, string])[] = [
  ['clip', '--clip'],
  ['vgg', '--vgg'],
  ['discriminators', '--discriminator'],
  ['adversarialLoss', '--adversarial-loss'],
  ['featureLayers', '--feature-layers'],
  ['featureChannels', '--feature-channels'],
  ['promptPairs', '--prompt-pairs'],
  ['promptTokens', '--prompt-tokens'],
  ['promptScale', '--prompt-scale'],
  ['promptRate', '--prompt-rate'],
  ['discriminatorRate', '--discriminator-rate'],
  ['lossWeights', '--weight-…'],
];

/** The first option that was given, of those whose names users type so. */
const givenOf = (options: GameOptions, prefix: string): string | undefined =>
  typed.find(([key, name]) => name.startsWith(prefix) && options[key] !== undefined)?.[1];

/** Refuses options of the adversarial stage where there is none: they would do nothing. */
export function refuseGameOptions(options: GameOptions): void {
  const given = givenOf(options, '--');
  if (given !== undefined)
    throw new OptionError(`${given} belongs to --stage sfd, and the stage pixel has no use for it`);
}

/** Refuses options of discriminators that do not take part. */
function refuseAbsent(options: GameOptions, discriminators: readonly DiscriminatorName[]): void {
  for (const name of ['feature', 'prompt'] as const) {
    if (discriminators.includes(name)) continue;
    const weighed = options.lossWeights?.[name] === undefined ? undefined : `--weight-${name}`;
    const given = givenOf(options, `--${name}-`) ?? weighed;
    if (given !== undefined)
      throw new OptionError(`${given} is for the discriminator ${name}, which --discriminator leaves out`);
  }
  if (options.clip !== undefined && !discriminators.some(looksThroughClip))
    throw new OptionError(
      '--clip is for the discriminators feature and prompt, which --discriminator leaves out',
    );
  if (options.lossWeights?.image !== undefined && discriminators.every(looksThroughClip))
    throw new OptionError(
      '--weight-image is for a discriminator of pictures: add unet or vgg to --discriminator',
    );
}

/** Whether a discriminator looks through CLIP. */
export const looksThroughClip = (name: DiscriminatorName): boolean => name === 'feature' || name === 'prompt';

function above(value: number, most: number, option: string): number {
  if (value > 0 && value <= most) return value;
  throw new OptionError(`${option} must be above 0 and at most ${most}, got ${value}`);
}

function oneOf<T extends string>(list: readonly T[], value: T, option: string): T {
  if (list.includes(value)) return value;
  throw new OptionError(`${option} must be of ${list.join(', ')}, got ${value}`);
}

function settledWeights(preset: GameWeights, { vgg, lossWeights = {} }: GameOptions): GameWeights {
  const weights = { ...preset, ...lossWeights };
  for (const [name, weight] of Object.entries(weights))
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new OptionError(`the weight of the ${name} loss must be at least 0, got ${weight}`);
  if (vgg !== undefined) return weights;
  if ((lossWeights.perceptual ?? 0) > 0)
    throw new OptionError('the perceptual loss needs VGG19: give its weights with --vgg');
  return { ...weights, perceptual: 0 };
}

/** The discriminators, checked against the patches and against what was given. */
function settledDiscriminators(
  { discriminators = ['feature', 'prompt'], clip }: GameOptions,
  { stages }: Pick<Recipe, 'stages'>,
): readonly DiscriminatorName[] {
  const names = discriminators.map((name) => oneOf(discriminatorNames, name, '--discriminator'));
  if (names.length === 0 || new Set(names).size < names.length)
    throw new OptionError('--discriminator must name at least one, and none twice');
  if (names.includes('unet') && names.includes('vgg'))
    throw new OptionError('--discriminator: of unet and vgg, which both look at pictures, take one');
  if (clip === undefined && names.some(looksThroughClip))
    throw new OptionError(
      'the discriminators feature and prompt look through CLIP: give its weights with --clip (revela models lists them), or choose --discriminator unet',
    );
  for (const name of names) {
    if (name === 'feature' || name === 'prompt') continue;
    for (const { patch } of stages) {
      const wanted = imageDiscriminators[name].refusal(patch);
      if (wanted !== undefined)
        throw new OptionError(`--discriminator ${name} takes ${wanted}; --patch is ${patch}`);
    }
  }
  return names;
}

/**
 * Settles how an adversarial training is played.
 *
 * @param preset what each loss counts where nothing else is said
 * @throws OptionError for what cannot be
 */
export async function gameSettings(
  options: GameOptions,
  preset: GameWeights,
  recipe: Recipe,
): Promise<GameSettings> {
  const {
    clip,
    vgg,
    adversarialLoss = 'vanilla',
    featureLayers = featureDiscriminatorDefault.layers,
  } = options;
  const discriminators = settledDiscriminators(options, recipe);
  refuseAbsent(options, discriminators);
  if (featureLayers.length === 0 || new Set(featureLayers).size < featureLayers.length)
    throw new OptionError('--feature-layers must name at least one, and none twice');
  return {
    clip: await frozenFile(clip),
    vgg: await frozenFile(vgg),
    discriminators,
    loss: oneOf(adversarialLosses, adversarialLoss, '--adversarial-loss'),
    feature: {
      layers: featureLayers.map((layer) => oneOf(clipStages, layer, '--feature-layers')),
      hidden: wholeNumber(
        options.featureChannels ?? featureDiscriminatorDefault.hidden,
        1,
        4096,
        '--feature-channels',
      ),
    },
    prompt: {
      pairs: wholeNumber(options.promptPairs ?? promptDefault.pairs, 1, 64, '--prompt-pairs'),
      tokens: wholeNumber(options.promptTokens ?? promptDefault.tokens, 1, 75, '--prompt-tokens'),
      scale: above(options.promptScale ?? promptDefault.scale, 1000, '--prompt-scale'),
    },
    rates: {
      prompt: above(options.promptRate ?? 1, 1000, '--prompt-rate'),
      others: above(options.discriminatorRate ?? 1, 1000, '--discriminator-rate'),
    },
    weights: settledWeights(preset, options),
  };
}
