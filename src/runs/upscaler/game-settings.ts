import { OptionError, optionError } from '../../errors.js';
import {
  clipBackbone,
  clipRn50Config,
  type FeatureDiscriminatorConfig,
  featureKernels,
  type SemanticBackbone,
} from '../../networks/index.js';
import {
  type BackboneFile,
  backboneFile,
  backboneNamed,
  type FrozenFile,
  frozenFile,
} from '../../models/index.js';
import type { Budget, Calibration } from '../../training/index.js';
import {
  type AdversarialLoss,
  adversarialLosses,
  featureDiscriminatorDefault,
  type GameWeights,
  imageDiscriminators,
  promptAverages,
  type PromptConfig,
  promptDefault,
  promptInputs,
} from '../../upscale/index.js';
import { type HonestSettings, settledWeights } from './honest-settings.js';
import { lpipsSettings } from './lpips-settings.js';
import { wholeNumber } from '../../option-checks.js';
import {
  type DiscriminatorName,
  discriminatorNames,
  type GameOptions,
  looksThroughEye,
  refuseAbsent,
  refuseTexts,
} from './game-options.js';
import type { Recipe } from '../recipe.js';

/** How an adversarial training is played, settled. */
export interface GameSettings extends HonestSettings {
  readonly clip: FrozenFile | null;
  /** Looked through in place of CLIP. */
  readonly backbone: BackboneFile | null;
  readonly discriminators: readonly DiscriminatorName[];
  readonly loss: AdversarialLoss;
  readonly clipNormalisation: boolean;
  readonly feature: FeatureDiscriminatorConfig;
  readonly featureScaling: boolean;
  readonly prompt: PromptConfig;
  /** Words that the prompts begin with, a text for each; null: they begin with noise. */
  readonly promptWords: readonly string[] | null;
  /** The scale of the prompts in what the generator minimises. */
  readonly promptLossScale: number;
  readonly rates: { readonly prompt: number; readonly others: number };
  readonly betas: readonly [number, number];
  readonly weights: GameWeights;
  readonly calibration: Calibration;
}

/** What runs were not asked of at first. */
const unsaid = {
  clipNormalisation: true,
  featureScaling: true,
  promptWords: null,
  betas: [0.9, 0.99],
  calibration: { every: 0 },
  lpips: null,
  backbone: null,
} as const satisfies Partial<GameSettings>;

type Later = keyof typeof unsaid | 'promptLossScale';

/** The settings as run folders hold them, the first ones too. */
export type StoredGame = Omit<GameSettings, Later | 'weights'> &
  Partial<Pick<GameSettings, Later>> & {
    readonly weights: Omit<GameWeights, 'lpips'> & Partial<Pick<GameWeights, 'lpips'>>;
  };

/** The settings as they count: what a run folder does not say is what its training did when it began. */
export function completed(game: StoredGame): GameSettings {
  return {
    ...{ ...unsaid, promptLossScale: game.prompt.scale, ...game },
    weights: { lpips: 0, ...game.weights },
  };
}

function above(value: number, most: number, option: string): number {
  if (value > 0 && value <= most) return value;
  throw optionError(option, `above 0 and at most ${most}`, value, { code: 'ERR_OUT_OF_RANGE' });
}

function oneOf<T extends string | number>(list: readonly T[], value: T, option: string): T {
  if (list.includes(value)) return value;
  throw optionError(option, `of ${list.join(', ')}`, value);
}

/** β₁ and β₂ of the discriminators, checked. */
function settledBetas([first, second]: readonly [number, number]): readonly [number, number] {
  if ([first, second].every((beta) => beta >= 0 && beta < 1)) return [first, second];
  throw new OptionError(
    `\`discriminatorBetas\` must be two numbers of at least 0 and below 1, got ${first},${second}`,
  );
}

/** The stages that a CLIP has, whatever its size. */
const anyClip = clipBackbone(clipRn50Config);

function settledFeature(
  { stages, usualStages }: SemanticBackbone,
  {
    featureLayers = usualStages,
    featureChannels = featureDiscriminatorDefault.hidden,
    featureDepth = 3,
    featureKernel = 1,
  }: GameOptions,
): FeatureDiscriminatorConfig {
  const known = stages.map(({ name }) => name);
  if (featureLayers.length === 0 || new Set(featureLayers).size < featureLayers.length)
    throw new OptionError('`featureLayers` must name at least one, and none twice');
  const kernel = oneOf(featureKernels, featureKernel, 'featureKernel');
  const depth = wholeNumber(featureDepth, 2, 16, 'featureDepth');
  if (depth === 2 && kernel > 1)
    throw new OptionError(
      `\`featureKernel\` ${kernel} is for convolutions between the first and the last, and with \`featureDepth\` 2 there are none`,
    );
  return {
    layers: featureLayers.map((layer) => oneOf(known, layer, 'featureLayers')),
    hidden: wholeNumber(featureChannels, 1, 4096, 'featureChannels'),
    ...{ depth, kernel },
  };
}

/** How many pairs there are: as many as were asked for, or as there are words for. */
function settledPairs({ promptPairs, promptWords }: GameOptions): number {
  if (promptWords === undefined) return wholeNumber(promptPairs ?? promptDefault.pairs, 1, 64, 'promptPairs');
  const pairs = promptWords.length / 2;
  if (promptWords.length === 0 || !Number.isInteger(pairs))
    throw new OptionError(
      `\`promptWords\` takes pairs of texts, of a good picture and of a bad one, got ${promptWords.length} texts`,
    );
  if (promptPairs !== undefined && promptPairs !== pairs)
    throw new OptionError(
      `\`promptPairs\` is ${promptPairs}, and \`promptWords\` has texts for ${pairs}: leave \`promptPairs\` out`,
    );
  return wholeNumber(pairs, 1, 64, 'half of `promptWords`');
}

function settledPrompt(options: GameOptions): Required<PromptConfig> {
  const { tokens, scale, deviation, input, average } = promptDefault;
  return {
    pairs: settledPairs(options),
    tokens: wholeNumber(options.promptTokens ?? tokens, 1, 75, 'promptTokens'),
    scale: above(options.promptScale ?? scale, 1000, 'promptScale'),
    deviation: above(options.promptDeviation ?? deviation, 10, 'promptDeviation'),
    input: oneOf(promptInputs, options.promptInput ?? input, 'promptInput'),
    average: oneOf(promptAverages, options.promptAverage ?? average, 'promptAverage'),
  };
}

/** Steps between two measurements where nothing else is said: each takes a turn of the generator more for each discriminator. */
const CALIBRATE_EVERY = 100;

/** When weights are set where nothing else is said. */
const CALIBRATE_AT = 1000;

function settledCalibration(
  { calibrateEvery = CALIBRATE_EVERY, adversarialShare, calibrateAt }: GameOptions,
  { pixel, perceptual, lpips }: GameWeights,
  budget: Budget,
): Calibration {
  const every = wholeNumber(calibrateEvery, 0, Number.MAX_SAFE_INTEGER, 'calibrateEvery');
  if (adversarialShare === undefined) {
    if (calibrateAt === undefined) return { every };
    throw new OptionError('`calibrateAt` says when weights are set: say by which `adversarialShare`');
  }
  const share = above(adversarialShare, 10, 'adversarialShare');
  if (pixel === 0 && perceptual === 0 && lpips === 0)
    throw new OptionError(
      '`adversarialShare` is a share of the perceptual or of the pixel loss, and all have a weight of 0',
    );
  const step = wholeNumber(calibrateAt ?? CALIBRATE_AT, 1, Number.MAX_SAFE_INTEGER, 'calibrateAt');
  if (budget.steps !== undefined && step >= budget.steps)
    throw new OptionError(
      `the weights are set after step ${step}, and the training ends with step ${budget.steps}: give an earlier \`calibrateAt\``,
    );
  return { every, balance: { share, step } };
}

/** The discriminators, checked against the patches and against what was given. */
function settledDiscriminators(
  { discriminators = ['feature', 'prompt'], clip, backbone }: GameOptions,
  { stages }: Pick<Recipe, 'stages'>,
): readonly DiscriminatorName[] {
  const names = discriminators.map((name) => oneOf(discriminatorNames, name, 'discriminators'));
  if (names.length === 0 || new Set(names).size < names.length)
    throw new OptionError('`discriminators` must name at least one, and none twice');
  if (names.includes('unet') && names.includes('vgg'))
    throw new OptionError('`discriminators`: of unet and vgg, which both look at pictures, take one');
  if (clip === undefined && backbone === undefined && names.some(looksThroughEye))
    throw new OptionError(
      'the discriminators feature and prompt look through CLIP: give its weights with `clip` (`listModels()` lists them), those of SqueezeNet or AlexNet with `backbone`, or choose `discriminators` unet',
    );
  for (const name of names) {
    if (name === 'feature' || name === 'prompt') continue;
    for (const { patch } of stages) {
      const wanted = imageDiscriminators[name].refusal(patch);
      if (wanted !== undefined)
        throw new OptionError(`\`discriminators\` ${name} takes ${wanted}; \`patch\` is ${patch}`);
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
  { stages }: Pick<Recipe, 'stages'>,
  budget: Budget,
): Promise<GameSettings> {
  const { clip, vgg, lpips, promptWords, discriminatorBetas = unsaid.betas } = options;
  const discriminators = settledDiscriminators(options, { stages });
  if (options.backbone !== undefined) refuseTexts(options);
  refuseAbsent(options, discriminators);
  const prompt = settledPrompt(options);
  const weights = settledWeights(preset, options);
  const backbone = options.backbone === undefined ? null : await backboneFile(options.backbone);
  return {
    clip: await frozenFile(clip),
    backbone,
    vgg: await frozenFile(vgg),
    lpips: lpips === undefined ? null : await lpipsSettings(lpips, 'lpips'),
    discriminators,
    loss: oneOf(adversarialLosses, options.adversarialLoss ?? 'vanilla', 'adversarialLoss'),
    clipNormalisation: options.clipNormalisation ?? unsaid.clipNormalisation,
    feature: settledFeature(backbone === null ? anyClip : backboneNamed(backbone.name), options),
    featureScaling: options.featureScaling ?? unsaid.featureScaling,
    prompt,
    promptWords: promptWords ?? null,
    promptLossScale: above(options.promptLossScale ?? prompt.scale, 1000, 'promptLossScale'),
    rates: {
      prompt: above(options.promptRate ?? 1, 1000, 'promptRate'),
      others: above(options.discriminatorRate ?? 1, 1000, 'discriminatorRate'),
    },
    betas: settledBetas(discriminatorBetas),
    weights,
    calibration: settledCalibration(options, weights, budget),
  };
}
