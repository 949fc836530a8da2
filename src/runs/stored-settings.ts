import type { PicturePair } from '../images/index.js';
import {
  clipStages,
  type FeatureDiscriminatorConfig,
  featureKernels,
  type NetworkConfig,
  torchvisionBackbones,
} from '../networks/index.js';
import type { RateCurve, TrainingStage } from '../nn/index.js';
import { lpipsNetworks } from '../quality/index.js';
import type { Budget, Calibration } from '../training/index.js';
import {
  adversarialLosses,
  mostPatchesPerSquare,
  promptAverages,
  type PromptConfig,
  promptInputs,
  upscalingKinds,
  upscalingStages,
} from '../upscale/index.js';
import type { DistillationSettings } from './student/distill-settings.js';
import { discriminatorNames } from './upscaler/game-options.js';
import type { FrozenFile, BackboneFile } from '../models/index.js';
import type { GameSettings, StoredGame } from './upscaler/game-settings.js';
import type { HonestSettings } from './upscaler/honest-settings.js';
import type { LpipsSettings } from './upscaler/lpips-settings.js';
import type { Recipe } from './recipe.js';
import type { RunSettings, TrainingSettings, ValidationSettings } from './run-settings.js';
import {
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
import type { UpscalerSettings } from './upscaler/upscaler-settings.js';

const many = Number.MAX_SAFE_INTEGER;
const large = 1e9;
const share = numberFrom(0, 1);

const curve: Schema<RateCurve> = either(
  oneOf(['constant', 'cosine'] as const),
  objectOf<Exclude<RateCurve, string>>({ every: wholeFrom(1, many), factor: share }),
);

const stage = objectOf<TrainingStage>({
  share,
  patch: wholeFrom(2, 2000),
  batch: wholeFrom(1, 256),
  learningRate: share,
  curve,
  floor: optional(share),
});

const recipe = objectOf<Recipe>({
  optimiser: oneOf(['adam', 'adamw'] as const),
  betas: pairOf(share),
  weightDecay: share,
  averageDecay: share,
  clip: optional(numberFrom(0, large)),
  warmUp: wholeFrom(0, many),
  stages: listOf(stage, 1),
});

const budget = objectOf<Budget>({
  minutes: optional(numberFrom(0, large)),
  steps: optional(wholeFrom(1, many)),
});

const validation = objectOf<ValidationSettings>({
  pairs: listOf(objectOf<PicturePair>({ name: text, noisy: text, clean: text })),
  pictures: listOf(text),
  every: optional(wholeFrom(1, many)),
});

/** No network has a number above these in its hyper-parameters, and one that is made of a larger one would not end. */
const hyperParameter = numberFrom(0, 65_536);
const config: Schema<NetworkConfig> = recordOf(
  // The last is what most are, and what is told where none fits.
  either(either(flag, text), either(listOf(hyperParameter), hyperParameter)),
);

const common: Fields<TrainingSettings> = {
  method: text,
  architecture: text,
  config,
  preset: text,
  recipe,
  seed: wholeFrom(0, many),
  budget,
  files: listOf(text),
  licence: text,
  validation,
};

const frozen = objectOf<FrozenFile>({ path: text, sha256: text });

const lpips = objectOf<LpipsSettings>({ network: oneOf(lpipsNetworks), weights: frozen, backbone: frozen });

const backbone = objectOf<BackboneFile>({
  path: text,
  sha256: text,
  name: oneOf(torchvisionBackbones.map(({ name }) => name)),
});

/** Stages of every backbone. */
const stages: readonly string[] = [
  ...clipStages,
  ...torchvisionBackbones.flatMap((one) => one.stages.map(({ name }) => name)),
];

/** What a loss counts. */
const weight = numberFrom(0, large);

const honest = objectOf<HonestSettings>({
  vgg: nullable(frozen),
  lpips: nullable(lpips),
  weights: objectOf<HonestSettings['weights']>({ pixel: weight, perceptual: weight, lpips: weight }),
});

const game = objectOf<StoredGame>({
  clip: nullable(frozen),
  backbone: optional(nullable(backbone)),
  vgg: nullable(frozen),
  lpips: optional(nullable(lpips)),
  discriminators: listOf(oneOf(discriminatorNames), 1),
  loss: oneOf(adversarialLosses),
  clipNormalisation: optional(flag),
  feature: objectOf<FeatureDiscriminatorConfig>({
    layers: listOf(oneOf(stages), 1),
    hidden: wholeFrom(1, 4096),
    depth: optional(wholeFrom(2, 16)),
    kernel: optional(oneOf(featureKernels)),
    scales: optional(listOf(numberFrom(0, large))),
  }),
  featureScaling: optional(flag),
  prompt: objectOf<PromptConfig>({
    pairs: wholeFrom(1, 64),
    tokens: wholeFrom(1, 75),
    scale: numberFrom(0, 1000),
    deviation: optional(numberFrom(0, 10)),
    input: optional(oneOf(promptInputs)),
    average: optional(oneOf(promptAverages)),
  }),
  promptWords: optional(nullable(listOf(text))),
  promptLossScale: optional(numberFrom(0, 1000)),
  rates: objectOf<GameSettings['rates']>({ prompt: numberFrom(0, 1000), others: numberFrom(0, 1000) }),
  betas: optional(pairOf(share)),
  weights: objectOf<StoredGame['weights']>({
    ...{ pixel: weight, perceptual: weight, lpips: optional(weight) },
    ...{ feature: weight, prompt: weight, image: weight },
  }),
  calibration: optional(
    objectOf<Calibration>({
      every: wholeFrom(0, many),
      balance: optional(
        objectOf<NonNullable<Calibration['balance']>>({
          share: numberFrom(0, 10),
          step: wholeFrom(1, many),
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
    variants: listOf(text, 1),
    recharge: flag,
  }),
  upscaler: objectOf<UpscalerSettings>({
    ...common,
    kind: exactly('upscaler'),
    stage: oneOf(upscalingStages),
    degradation: oneOf(upscalingKinds),
    from: nullable(text),
    teacher: optional(frozen),
    spoiltTeacher: optional(frozen),
    patchesPerSquare: optional(wholeFrom(1, mostPatchesPerSquare)),
    lpips: optional(lpips),
    honest: optional(honest),
    game: optional(game),
  }),
  scorer: objectOf<ScorerSettings>({ ...common, kind: exactly('scorer'), from: nullable(text) }),
} as const;
