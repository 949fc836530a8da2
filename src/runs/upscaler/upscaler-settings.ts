import { resolve } from 'node:path';
import { OptionError, optionError } from '../../errors.js';
import { findPictures } from '../../images/index.js';
import { upscalers } from '../../networks/index.js';
import { budgetOr } from '../../training/index.js';
import {
  type UpscalingKind,
  type UpscalingPreset,
  type UpscalingStage,
  upscalingPresets,
} from '../../upscale/index.js';
import { refuseGameOptions } from './game-refusals.js';
import { gameSettings, type StoredGame } from './game-settings.js';
import { type HonestSettings, honestSettings } from './honest-settings.js';
import { type LpipsSettings, lpipsSettings } from './lpips-settings.js';
import { type NewUpscalerOptions, newUpscalerOptions } from './upscaler-options.js';
import { byName } from '../../option-checks.js';
import { type Settled, settled } from '../../options/index.js';
import { recipeFrom } from '../recipe.js';
import { spacing, type TrainingSettings } from '../run-settings.js';
import {
  absoluteWeights,
  type FrozenFile,
  frozenFile,
  loadUpscalerWeights,
  weightsAt,
} from '../../models/index.js';
import { trainingPictures } from '../training-pictures.js';
import { present } from '../../present.js';

/** The settings of an upscaler's training. */
export interface UpscalerSettings extends TrainingSettings {
  readonly kind: 'upscaler';
  readonly stage: UpscalingStage;
  readonly degradation: UpscalingKind;
  readonly from: string | null;
  /** Whose results are learnt in place of the large pictures, where there is one. */
  readonly teacher?: FrozenFile;
  /** Whose results of the real-world third are learnt. */
  readonly spoiltTeacher?: FrozenFile;
  /** How many patches are cut from each square that is degraded; 1 where it is left out. */
  readonly patchesPerSquare?: number;
  /** Of the validation, if it has one. */
  readonly lpips?: LpipsSettings;
  /** Of the pixel stage, where other losses count besides that of the pixels. */
  readonly honest?: HonestSettings;
  /** Of the adversarial stage. */
  readonly game?: StoredGame;
}

/**
 * Settles what the training of a new upscaler depends on.
 *
 * @param tell gets a line for what was left out
 * @throws RevelaError for options that cannot be used and files that are missing
 */
export async function newUpscalerSettings(
  options: NewUpscalerOptions,
  tell: (line: string) => void = () => {},
): Promise<UpscalerSettings> {
  const asked = settled(newUpscalerOptions, options);
  const { pictures = [], recursive, stage, preset, from, seed } = asked;
  const recipes = upscalingPresets[preset];
  const { degradation, stages, weights } = recipes;
  const patchesPerSquare = patchesOf(options, recipes, stage);
  if (stage === 'sfd' && from === undefined)
    throw new OptionError(
      'the stage sfd begins with what the stage pixel has learnt: give its run or weights with `from`',
    );
  if (
    from !== undefined &&
    (options.network ?? options.channels ?? options.baseChannels ?? options.modules) !== undefined
  )
    throw new OptionError(
      '`from` brings its own network: leave out `network`, `channels`, `baseChannels` and `modules`',
    );
  const start = from === undefined ? undefined : await absoluteWeights(await weightsAt(from));
  const description =
    start === undefined
      ? byName(upscalers, options.network ?? 'srvggnet', 'network').ofSize(options)
      : (await loadUpscalerWeights(start)).description;
  const { scale } = description;
  if (scale < 2 || scale > 4)
    throw new OptionError(
      `networks that enlarge by 2, 3 or 4 are trained, and the weights of \`from\` do so by ${scale}; \`upscale()\` applies them`,
    );
  if (options.scale !== undefined && options.scale !== scale)
    throw new OptionError(
      `\`scale\` is ${options.scale}, and the weights of \`from\` enlarge by ${scale}: leave \`scale\` out, or take other weights`,
    );
  const recipe = recipeFrom(
    { ...options, clip: options.clipGradients },
    stages[stage],
    { name: `the stage ${stage}`, needsBlindSpot: false, training: { patchMultiple: scale } },
    description,
    start !== undefined,
  );
  if (stage === 'pixel') refuseGameOptions(options);
  const budget = budgetOr(options, { steps: stages[stage].steps });
  const game = stage === 'sfd' ? await gameSettings(options, weights, recipe, budget) : undefined;
  const honest = stage === 'pixel' ? await honestSettings(options, weights) : undefined;
  const teacher = await teacherOf('teacher', asked, scale);
  const spoiltTeacher = await teacherOf('spoiltTeacher', asked, scale);
  if (spoiltTeacher !== undefined && (teacher === undefined || degradation !== 'mixed'))
    throw new OptionError('`spoiltTeacher` goes with `teacher` and `preset` mixed');
  const files = await trainingPictures(pictures, { recursive, onLeftOut: tell });
  const validation =
    options.validation === undefined
      ? []
      : (await findPictures([options.validation], { recursive })).map((file) => resolve(file));
  if (options.validationLpips !== undefined && validation.length === 0)
    throw new OptionError('`validationLpips` needs `validation`, the pictures to measure on');
  const lpips =
    options.validationLpips === undefined ? undefined : await lpipsSettings(options.validationLpips);
  return {
    kind: 'upscaler',
    method: stage,
    stage,
    degradation,
    architecture: description.architecture,
    config: description.config,
    preset,
    recipe,
    seed,
    budget,
    files: files.map((file) => resolve(file)),
    from: start ?? null,
    ...(degradation === 'bicubic' ? {} : { patchesPerSquare }),
    ...present({ teacher, spoiltTeacher, lpips, honest, game }),
    licence: options.licence ?? 'unknown',
    validation: { pairs: [], pictures: validation, ...spacing(options) },
  };
}

/** The teacher as it is now, and that it teaches what is to be learnt. */
async function teacherOf(
  name: 'teacher' | 'spoiltTeacher',
  { [name]: teacher, stage }: Settled<typeof newUpscalerOptions>,
  scale: number,
): Promise<FrozenFile | undefined> {
  if (teacher === undefined) return undefined;
  if (stage !== 'pixel')
    throw new OptionError(`\`${name}\` belongs to \`stage\` pixel, and the stage sfd has no use for it`);
  const file = await frozenFile(await weightsAt(teacher));
  const { description } = await loadUpscalerWeights(file.path);
  if (description.scale !== scale)
    throw optionError(name, `weights that enlarge by ${scale}`, `${teacher}, by ${description.scale}`);
  return file;
}

/** How many patches each degraded square gives. */
function patchesOf(
  { patchesPerSquare }: NewUpscalerOptions,
  { degradation, patchesPerSquare: ofPreset }: UpscalingPreset,
  stage: UpscalingStage,
): number {
  if (patchesPerSquare === undefined) return ofPreset[stage];
  if (degradation === 'bicubic')
    throw new OptionError('`patchesPerSquare` is for `preset` real-world: leave it out');
  return patchesPerSquare;
}
