import type { AnySettings } from '../api/index.js';
import { option, switched, type Typed } from './options.js';

type UpscalerSettings = Extract<AnySettings, { readonly kind: 'upscaler' }>;
type Game = NonNullable<UpscalerSettings['game']>;
type Honest = NonNullable<UpscalerSettings['honest']>;

/** The options of an upscaler's losses and, in its adversarial stage, of its discriminators. */
export function upscalerOptions({ patchesPerSquare, lpips, honest, game }: UpscalerSettings): Typed {
  return [
    ...option('--patches-per-square', patchesPerSquare),
    ...option('--validation-lpips', lpips?.network),
    ...(honest === undefined ? [] : honestOptions(honest)),
    ...(game === undefined ? [] : gameOptions(game)),
  ];
}

/** The losses that both stages may have; one that has no network cannot be given a weight. */
function honestOptions({
  vgg,
  lpips,
  weights,
}: (Pick<Honest, 'vgg' | 'lpips'> & Pick<Game, 'weights'>) | Honest): Typed {
  return [
    ...option('--vgg', vgg?.path),
    ...option('--lpips', lpips?.network),
    ...option('--weight-pixel', weights.pixel),
    ...(vgg === null ? [] : option('--weight-perceptual', weights.perceptual)),
    ...(lpips === null ? [] : option('--weight-lpips', weights.lpips)),
  ];
}

/** Options of discriminators that do not take part are refused, so that they are left out. */
function gameOptions({ lpips = null, discriminators, feature, prompt, ...game }: Game): Typed {
  const [features, prompts] = [discriminators.includes('feature'), discriminators.includes('prompt')];
  const { calibration, weights, betas } = game;
  const promptOptions = [
    ...option('--prompt-pairs', prompt.pairs),
    ...option('--prompt-tokens', prompt.tokens),
    ...option('--prompt-scale', prompt.scale),
    ...option('--prompt-loss-scale', game.promptLossScale),
    ...option('--prompt-words', game.promptWords),
    ...option('--prompt-deviation', prompt.deviation),
    ...option('--prompt-input', prompt.input),
    ...option('--prompt-average', prompt.average),
    ...option('--prompt-rate', game.rates.prompt),
    ...option('--weight-prompt', weights.prompt),
  ];
  const featureOptions = [
    ...option('--feature-layers', feature.layers),
    ...option('--feature-channels', feature.hidden),
    ...option('--feature-depth', feature.depth),
    ...option('--feature-kernel', feature.kernel),
    ...switched('--no-feature-scaling', game.featureScaling === false),
    ...option('--weight-feature', weights.feature),
  ];
  return [
    ...option('--clip', game.clip?.path),
    ...honestOptions({ vgg: game.vgg, lpips, weights }),
    ...option('--discriminator', discriminators),
    ...option('--adversarial-loss', game.loss),
    ...(features ? featureOptions : []),
    ...switched('--no-clip-normalisation', (features || prompts) && game.clipNormalisation === false),
    ...(prompts ? promptOptions : []),
    ...option('--discriminator-rate', game.rates.others),
    ...option('--discriminator-betas', betas),
    ...(discriminators.some((name) => name === 'unet' || name === 'vgg')
      ? option('--weight-image', weights.image)
      : []),
    ...option('--calibrate-every', calibration?.every),
    ...option('--adversarial-share', calibration?.balance?.share),
    ...option('--calibrate-at', calibration?.balance?.step),
  ];
}
