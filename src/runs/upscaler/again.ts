import { present } from '../../present.js';
import { clipAgain, goodAgain, networkAgain, presetAgain, recipeAgain } from '../again.js';
import type { LossOptions, LpipsFiles } from './loss-options.js';
import type { LpipsSettings } from './lpips-settings.js';
import { type NewUpscalerOptions, upscalingPresetNames } from './upscaler-options.js';
import type { UpscalerSettings } from './upscaler-settings.js';

type Game = NonNullable<UpscalerSettings['game']>;
type Honest = NonNullable<UpscalerSettings['honest']>;

/** The options that give a new run the settings of an upscaler's training again; weights to start from bring their network. */
export function upscalerAgain(settings: UpscalerSettings): NewUpscalerOptions {
  const { stage, from, teacher, spoiltTeacher, patchesPerSquare, lpips, honest, game } = settings;
  return {
    stage,
    ...presetAgain(settings, upscalingPresetNames),
    ...(from === null ? networkAgain(settings, { scales: true }) : { from }),
    ...recipeAgain(settings),
    clipGradients: clipAgain(settings),
    ...present({
      teacher: teacher?.path,
      spoiltTeacher: spoiltTeacher?.path,
      patchesPerSquare,
      validationLpips: lpips && filesOf(lpips),
    }),
    ...(honest && honestAgain(honest)),
    ...(game && gameAgain(game)),
    ...goodAgain(settings),
  };
}

const filesOf = ({ network, weights, backbone }: LpipsSettings): LpipsFiles => ({
  network,
  weights: weights.path,
  backbone: backbone.path,
});

/** The losses that both stages may have; one that has no network cannot be given a weight. */
function honestAgain({
  vgg,
  lpips,
  weights,
}: Pick<Honest, 'vgg' | 'lpips'> & {
  readonly weights: Partial<Honest['weights']>;
}): LossOptions {
  return {
    ...present({ vgg: vgg?.path, lpips: lpips === null ? undefined : filesOf(lpips) }),
    lossWeights: present({
      pixel: weights.pixel,
      detail: weights.detail === 0 ? undefined : weights.detail,
      grid: weights.grid === 0 ? undefined : weights.grid,
      perceptual: vgg === null ? undefined : weights.perceptual,
      lpips: lpips === null ? undefined : weights.lpips,
    }),
  };
}

/** Options of discriminators that do not take part are refused, so that they are left out. */
function gameAgain({ lpips = null, discriminators, feature, prompt, ...game }: Game): NewUpscalerOptions {
  const [features, prompts] = [discriminators.includes('feature'), discriminators.includes('prompt')];
  const pictures = discriminators.some((name) => name === 'unet' || name === 'vgg');
  const { calibration, weights, betas, rates } = game;
  const { lossWeights, ...honest } = honestAgain({ vgg: game.vgg, lpips, weights });
  return {
    ...present({ clip: game.clip?.path, backbone: game.backbone?.path }),
    ...honest,
    lossWeights: {
      ...lossWeights,
      ...(features && { feature: weights.feature }),
      ...(prompts && { prompt: weights.prompt }),
      ...(pictures && { image: weights.image }),
    },
    discriminators,
    adversarialLoss: game.loss,
    ...(features &&
      present({
        featureLayers: feature.layers,
        featureChannels: feature.hidden,
        featureDepth: feature.depth,
        featureKernel: feature.kernel,
        featureScaling: game.featureScaling === false ? false : undefined,
      })),
    ...((features || prompts) && game.clipNormalisation === false && { clipNormalisation: false }),
    ...(prompts && promptAgain({ prompt, ...game })),
    discriminatorRate: rates.others,
    ...present({
      discriminatorBetas: betas,
      calibrateEvery: calibration?.every,
      adversarialShare: calibration?.balance?.share,
      calibrateAt: calibration?.balance?.step,
    }),
  };
}

/** Those of prompts; where they are vectors there are no tokens, no words, and nothing to look at in a size of its own. */
function promptAgain({
  prompt,
  promptLossScale,
  promptWords,
  rates,
  backbone = null,
}: Pick<Game, 'prompt' | 'promptLossScale' | 'promptWords' | 'rates' | 'backbone'>): NewUpscalerOptions {
  const texts = backbone === null;
  return {
    promptPairs: prompt.pairs,
    ...(texts && { promptTokens: prompt.tokens }),
    promptScale: prompt.scale,
    ...present({
      promptLossScale,
      promptWords: promptWords ?? undefined,
      promptDeviation: prompt.deviation,
      promptInput: texts ? prompt.input : undefined,
      promptAverage: prompt.average,
    }),
    promptRate: rates.prompt,
  };
}
