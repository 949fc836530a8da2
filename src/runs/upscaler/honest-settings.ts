import { OptionError, optionError } from '../../errors.js';
import { present } from '../../present.js';
import { lpipsBackbones } from '../../quality/index.js';
import { grouped, type TensorValue } from '../../tensor/index.js';
import { type HonestLosses, honestFrozen } from '../../upscale/index.js';
import type { GameWeights } from '../../upscale/index.js';
import { checkFrozen, type FrozenFile, frozenFile, loadVgg19 } from '../../models/index.js';
import type { LossOptions } from './loss-options.js';
import { lpipsOf, type LpipsSettings, lpipsSettings } from './lpips-settings.js';

/** The losses of an upscaler, settled. */
export interface HonestSettings {
  readonly vgg: FrozenFile | null;
  readonly lpips: LpipsSettings | null;
  readonly weights: Pick<GameWeights, 'pixel' | 'perceptual' | 'lpips'> &
    Partial<Pick<GameWeights, 'detail' | 'grid'>>;
}

/**
 * Settles what each loss counts: those whose networks are missing count nothing.
 *
 * @param preset what each counts where nothing else is said
 * @throws OptionError for weights of losses whose networks are missing
 */
export function settledWeights(
  preset: GameWeights,
  { vgg, lpips, lossWeights = {} }: LossOptions,
): GameWeights {
  const weights = { ...preset, ...present(lossWeights) };
  if (vgg === undefined && (lossWeights.perceptual ?? 0) > 0)
    throw new OptionError('the perceptual loss needs VGG19: give its weights with `vgg`');
  if (lpips === undefined && (lossWeights.lpips ?? 0) > 0)
    throw new OptionError('LPIPS as a loss needs a network to look through: name one with `lpips`');
  if (
    vgg === undefined &&
    lpips === undefined &&
    preset.pixel < preset.perceptual &&
    lossWeights.pixel === undefined
  )
    throw new OptionError(
      `this preset leans on the perceptual loss, and weighs that of the pixels with ${preset.pixel}: name a network with \`lpips\` or give VGG19's weights with \`vgg\`, or say \`lossWeights.pixel\``,
    );
  return {
    ...weights,
    perceptual: vgg === undefined ? 0 : weights.perceptual,
    lpips: lpips === undefined ? 0 : weights.lpips,
  };
}

/**
 * Settles the losses of the pixel stage.
 *
 * @returns undefined where the pixels alone count
 * @throws RevelaError for weights that cannot be and files that are missing
 */
export async function honestSettings(
  options: LossOptions,
  preset: GameWeights,
): Promise<HonestSettings | undefined> {
  const { vgg, lpips, lossWeights } = options;
  const { detail: ofDetail = 0, grid: ofGrid = 0 } = lossWeights ?? {};
  if (vgg === undefined && lpips === undefined && ofDetail === 0 && ofGrid === 0) {
    const [typed] = Object.keys(present(lossWeights ?? {}));
    if (typed === undefined) return undefined;
    throw new OptionError(
      `\`lossWeights.${typed}\` weighs a loss against others, and the stage pixel has none but that of the pixels: give \`lpips\` or \`vgg\` as well, or weigh \`detail\` or \`grid\``,
    );
  }
  const { pixel, detail, grid, perceptual, lpips: seen } = settledWeights(preset, options);
  return {
    vgg: await frozenFile(vgg),
    lpips: lpips === undefined ? null : await lpipsSettings(lpips),
    weights: { pixel, detail, grid, perceptual, lpips: seen },
  };
}

/** As a training computes them. */
export function honestLosses({ lpips, weights }: Omit<HonestSettings, 'vgg'>): HonestLosses {
  const { pixel, detail, grid, perceptual } = weights;
  return {
    ...{ pixel, perceptual, ...present({ detail, grid }) },
    ...present({ lpips: lpips === null ? undefined : { network: lpips.network, weight: weights.lpips } }),
  };
}

/** VGG19 halves pictures four times. */
const vgg19Sight = { title: 'VGG19', leastSide: 16 } as const;
/** Blurs of 11 pixels, four in a row. */
const detailSight = { title: 'the loss of detail', leastSide: 41 } as const;
/** A window of 7 pixels of the small picture, which is at most 4 times smaller. */
const gridSight = { title: 'the loss of the grid', leastSide: 28 } as const;

/**
 * Reads the networks of the losses, by `group/key`, and checks that they are those of the run.
 *
 * @param patch side of the patches
 * @throws RevelaError for files that are missing, others than those that the run began with, or patches that they cannot see
 */
export async function loadHonest(
  { vgg, lpips, weights }: HonestSettings,
  patch: number,
): Promise<Readonly<Record<string, TensorValue>>> {
  const seeing = [
    ...((weights.detail ?? 0) === 0 ? [] : [detailSight]),
    ...((weights.grid ?? 0) === 0 ? [] : [gridSight]),
    ...(vgg === null ? [] : [vgg19Sight]),
    ...(lpips === null ? [] : [lpipsBackbones[lpips.network]]),
  ];
  for (const { title, leastSide } of seeing)
    if (patch < leastSide)
      throw optionError('patch', `at least ${leastSide} for ${title}`, patch, { code: 'ERR_OUT_OF_RANGE' });
  if (vgg !== null) await checkFrozen(vgg);
  const seen = lpips === null ? undefined : await lpipsOf(lpips);
  return {
    ...(vgg && grouped(honestFrozen.vgg, await loadVgg19(vgg.path))),
    ...(seen && {
      ...grouped(honestFrozen.lpips, seen.backbone),
      ...grouped(honestFrozen.lpipsHeads, seen.heads),
    }),
  };
}
