import type { PicturePair } from '../images/index.js';
import {
  type FeatureDiscriminatorConfig,
  type NetworkConfig,
  torchvisionBackbones,
} from '../networks/index.js';
import type { TrainingStage } from '../nn/index.js';
import { lpipsNetworks } from '../quality/index.js';
import type { Budget, Calibration } from '../training/index.js';
import { type PromptConfig, upscalingKinds } from '../upscale/index.js';
import type { DistillationSettings } from './student/distill-settings.js';
import { distillOptions } from './student/distill-options.js';
import { gameOptions } from './upscaler/game-options.js';
import { weightOptions } from './upscaler/loss-options.js';
import { newUpscalerOptions } from './upscaler/upscaler-options.js';
import type { FrozenFile, BackboneFile } from '../models/index.js';
import { learningOptions } from '../models/options.js';
import type { GameSettings, StoredGame } from './upscaler/game-settings.js';
import type { HonestSettings } from './upscaler/honest-settings.js';
import type { LpipsSettings } from './upscaler/lpips-settings.js';
import type { Recipe } from './recipe.js';
import { recipeOptions } from './recipe-options.js';
import type { RunSettings, TrainingSettings, ValidationSettings } from './run-settings.js';
import {
  asOption,
  either,
  exactly,
  type Fields,
  flag,
  listOf,
  nullable,
  numberFrom,
  objectOf,
  oneOf,
  optional,
  pairOf,
  recordOf,
  type Schema,
  text,
  wholeFrom,
} from './schema.js';
import type { ScorerSettings } from './scorer/scorer-settings.js';
import type { TeamSettings } from './team/team.js';
import type { UpscalerSettings } from './upscaler/upscaler-settings.js';

const many = Number.MAX_SAFE_INTEGER;
const large = 1e9;
const share = numberFrom(0, 1);

const stage = objectOf<TrainingStage>({
  share,
  patch: wholeFrom(2, 2000),
  batch: asOption(learningOptions.batch),
  learningRate: asOption(learningOptions.learningRate),
  curve: asOption(recipeOptions.schedule),
  floor: optional(share),
});

const recipe = objectOf<Recipe>({
  optimiser: asOption(recipeOptions.optimiser),
  betas: pairOf(share),
  weightDecay: asOption(recipeOptions.weightDecay),
  averageDecay: asOption(recipeOptions.averageDecay),
  clip: optional(asOption(recipeOptions.clip)),
  warmUp: wholeFrom(0, many),
  stages: listOf(stage, 1),
});

const budget = objectOf<Budget>({
  minutes: optional(asOption(learningOptions.minutes)),
  steps: optional(asOption(learningOptions.steps)),
});

const validation = objectOf<ValidationSettings>({
  pairs: listOf(objectOf<PicturePair>({ name: text, noisy: text, clean: text })),
  pictures: listOf(text),
  every: optional(asOption(newUpscalerOptions.validateEvery)),
});

/** No network has a number above these in its hyper-parameters, and one that is made of a larger one would not end. */
const hyperParameter = numberFrom(0, 65_536);
const config: Schema<NetworkConfig> = recordOf(
  // The last is what most are, and what is told where none fits.
  either(either(flag, text), either(listOf(hyperParameter), hyperParameter)),
);

const team = objectOf<TeamSettings>({
  workers: wholeFrom(1, 1024),
  localSteps: optional(wholeFrom(1, 10_000)),
  outerRate: numberFrom(0, 10),
  outerMomentum: share,
});

const common: Fields<TrainingSettings> = {
  method: text,
  architecture: text,
  config,
  preset: text,
  recipe,
  seed: asOption(learningOptions.seed),
  budget,
  files: listOf(text),
  licence: text,
  validation,
  team: optional(team),
};

const frozen = objectOf<FrozenFile>({ path: text, sha256: text });

const lpips = objectOf<LpipsSettings>({ network: oneOf(lpipsNetworks), weights: frozen, backbone: frozen });

const backbone = objectOf<BackboneFile>({
  path: text,
  sha256: text,
  name: oneOf(torchvisionBackbones.map(({ name }) => name)),
});

/** What a loss counts. */
const weight = asOption(weightOptions.pixel);

const honest = objectOf<HonestSettings>({
  vgg: nullable(frozen),
  lpips: nullable(lpips),
  weights: objectOf<HonestSettings['weights']>({
    ...{ pixel: weight, detail: optional(weight), grid: optional(weight), perceptual: weight, lpips: weight },
  }),
});

const game = objectOf<StoredGame>({
  clip: nullable(frozen),
  backbone: optional(nullable(backbone)),
  vgg: nullable(frozen),
  lpips: optional(nullable(lpips)),
  discriminators: asOption(gameOptions.discriminators),
  loss: asOption(gameOptions.adversarialLoss),
  clipNormalisation: optional(asOption(gameOptions.clipNormalisation)),
  feature: objectOf<FeatureDiscriminatorConfig>({
    layers: asOption(gameOptions.featureLayers),
    hidden: asOption(gameOptions.featureChannels),
    depth: optional(asOption(gameOptions.featureDepth)),
    kernel: optional(asOption(gameOptions.featureKernel)),
    scales: optional(listOf(numberFrom(0, large))),
  }),
  featureScaling: optional(asOption(gameOptions.featureScaling)),
  prompt: objectOf<PromptConfig>({
    pairs: asOption(gameOptions.promptPairs),
    tokens: asOption(gameOptions.promptTokens),
    scale: asOption(gameOptions.promptScale),
    deviation: optional(asOption(gameOptions.promptDeviation)),
    input: optional(asOption(gameOptions.promptInput)),
    average: optional(asOption(gameOptions.promptAverage)),
  }),
  promptWords: optional(nullable(asOption(gameOptions.promptWords))),
  promptLossScale: optional(asOption(gameOptions.promptScale)),
  rates: objectOf<GameSettings['rates']>({
    prompt: asOption(gameOptions.promptRate),
    others: asOption(gameOptions.discriminatorRate),
  }),
  betas: optional(asOption(gameOptions.discriminatorBetas)),
  weights: objectOf<StoredGame['weights']>({
    ...{
      pixel: weight,
      detail: optional(weight),
      grid: optional(weight),
      perceptual: weight,
      lpips: optional(weight),
    },
    ...{ feature: weight, prompt: weight, image: weight },
  }),
  calibration: optional(
    objectOf<Calibration>({
      every: asOption(gameOptions.calibrateEvery),
      balance: optional(
        objectOf<NonNullable<Calibration['balance']>>({
          share: asOption(gameOptions.adversarialShare),
          step: asOption(gameOptions.calibrateAt),
        }),
      ),
    }),
  ),
});

/** What `config.json` holds, by the kind of training; the one place that says so. */
export const settingsSchemas = {
  denoiser: objectOf<RunSettings>({
    ...common,
    included: wholeFrom(0, many),
    weights: nullable(text),
    pairs: optional(listOf(objectOf<PicturePair>({ name: text, noisy: text, clean: text }), 1)),
  }),
  distillation: objectOf<DistillationSettings>({
    ...common,
    kind: exactly('distillation'),
    teacher: text,
    teacherMethod: text,
    variants: asOption(distillOptions.variants),
    recharge: asOption(distillOptions.recharge),
  }),
  upscaler: objectOf<UpscalerSettings>({
    ...common,
    kind: exactly('upscaler'),
    stage: asOption(newUpscalerOptions.stage),
    degradation: oneOf(upscalingKinds),
    from: nullable(text),
    teacher: optional(frozen),
    spoiltTeacher: optional(frozen),
    patchesPerSquare: optional(asOption(newUpscalerOptions.patchesPerSquare)),
    lpips: optional(lpips),
    honest: optional(honest),
    game: optional(game),
  }),
  scorer: objectOf<ScorerSettings>({ ...common, kind: exactly('scorer'), from: nullable(text) }),
} as const;
