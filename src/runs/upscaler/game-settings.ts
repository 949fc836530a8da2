import { OptionError, optionError } from '../../errors.js';
import { checkValue, type Settled, settled } from '../../options/index.js';
import {
  clipBackbone,
  clipRn50Config,
  type FeatureDiscriminatorConfig,
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
  type GameWeights,
  imageDiscriminators,
  type PromptConfig,
  promptDefault,
} from '../../upscale/index.js';
import { type HonestSettings, settledWeights } from './honest-settings.js';
import { lpipsSettings } from './lpips-settings.js';
import { CALIBRATE_AT, type DiscriminatorName, type GameOptions, gameOptions } from './game-options.js';
import { looksThroughEye, refuseAbsent, refuseTexts } from './game-refusals.js';
import type { LossOptions } from './loss-options.js';
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
    readonly weights: Omit<GameWeights, 'lpips' | 'detail' | 'grid'> &
      Partial<Pick<GameWeights, 'lpips' | 'detail' | 'grid'>>;
  };

/** The settings as they count: what a run folder does not say is what its training did when it began. */
export function completed(game: StoredGame): GameSettings {
  return {
    ...{ ...unsaid, promptLossScale: game.prompt.scale, ...game },
    weights: { detail: 0, grid: 0, lpips: 0, ...game.weights },
  };
}

/** What was asked for, with the defaults of the rest. */
type Asked = Settled<typeof gameOptions>;

/** The stages that a CLIP has, whatever its size. */
const anyClip = clipBackbone(clipRn50Config);

function settledFeature(
  { stages, usualStages }: SemanticBackbone,
  { featureLayers = usualStages, featureChannels, featureDepth, featureKernel }: Asked,
): FeatureDiscriminatorConfig {
  const known = stages.map(({ name }) => name);
  if (new Set(featureLayers).size < featureLayers.length)
    throw new OptionError('`featureLayers` must name none twice');
  const strange = featureLayers.find((layer) => !known.includes(layer));
  if (strange !== undefined) throw optionError('featureLayers', `of ${known.join(', ')}`, strange);
  if (featureDepth === 2 && featureKernel > 1)
    throw new OptionError(
      `\`featureKernel\` ${featureKernel} is for convolutions between the first and the last, and with \`featureDepth\` 2 there are none`,
    );
  return { layers: featureLayers, hidden: featureChannels, depth: featureDepth, kernel: featureKernel };
}

/** How many pairs there are: as many as were asked for, or as there are words for. */
function settledPairs({ promptPairs, promptWords }: Asked): number {
  if (promptWords === undefined) return promptPairs ?? promptDefault.pairs;
  const pairs = promptWords.length / 2;
  if (promptPairs !== undefined && promptPairs !== pairs)
    throw new OptionError(
      `\`promptPairs\` is ${promptPairs}, and \`promptWords\` has texts for ${pairs}: leave \`promptPairs\` out`,
    );
  checkValue(gameOptions.promptPairs, pairs, 'half of `promptWords`');
  return pairs;
}

function settledCalibration(
  { calibrateEvery: every, adversarialShare: share, calibrateAt }: Asked,
  { pixel, detail, perceptual, lpips }: GameWeights,
  budget: Budget,
): Calibration {
  if (share === undefined) {
    if (calibrateAt === undefined) return { every };
    throw new OptionError('`calibrateAt` says when weights are set: say by which `adversarialShare`');
  }
  if (pixel === 0 && detail === 0 && perceptual === 0 && lpips === 0)
    throw new OptionError(
      '`adversarialShare` is a share of the perceptual or of the pixel loss, and all have a weight of 0',
    );
  const step = calibrateAt ?? CALIBRATE_AT;
  if (budget.steps !== undefined && step >= budget.steps)
    throw new OptionError(
      `the weights are set after step ${step}, and the training ends with step ${budget.steps}: give an earlier \`calibrateAt\``,
    );
  return { every, balance: { share, step } };
}

/** The discriminators, checked against the patches and against what was given. */
function settledDiscriminators(
  { discriminators: names, clip, backbone }: Asked,
  { stages }: Pick<Recipe, 'stages'>,
): readonly DiscriminatorName[] {
  if (new Set(names).size < names.length) throw new OptionError('`discriminators` must name none twice');
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
  options: GameOptions & LossOptions,
  preset: GameWeights,
  { stages }: Pick<Recipe, 'stages'>,
  budget: Budget,
): Promise<GameSettings> {
  const asked = settled(gameOptions, options);
  const discriminators = settledDiscriminators(asked, { stages });
  if (options.backbone !== undefined) refuseTexts(options);
  refuseAbsent(options, discriminators);
  const { promptWords, promptScale, promptTokens, promptDeviation, promptInput, promptAverage } = asked;
  const pairs = settledPairs(asked);
  const weights = settledWeights(preset, options);
  const backbone = options.backbone === undefined ? null : await backboneFile(options.backbone);
  return {
    clip: await frozenFile(options.clip),
    backbone,
    vgg: await frozenFile(options.vgg),
    lpips: options.lpips === undefined ? null : await lpipsSettings(options.lpips),
    discriminators,
    loss: asked.adversarialLoss,
    clipNormalisation: asked.clipNormalisation,
    feature: settledFeature(backbone === null ? anyClip : backboneNamed(backbone.name), asked),
    featureScaling: asked.featureScaling,
    prompt: {
      ...{ pairs, tokens: promptTokens, scale: promptScale, deviation: promptDeviation },
      ...{ input: promptInput, average: promptAverage },
    },
    promptWords: promptWords ?? null,
    promptLossScale: asked.promptLossScale ?? promptScale,
    rates: { prompt: asked.promptRate, others: asked.discriminatorRate },
    betas: asked.discriminatorBetas,
    weights,
    calibration: settledCalibration(asked, weights, budget),
  };
}
