import { resolve } from 'node:path';
import { OptionError, optionError } from '../../errors.js';
import { findPictures } from '../../images/index.js';
import { upscalers } from '../../networks/index.js';
import { budgetOr } from '../../training/index.js';
import {
  type UpscalingKind,
  mostPatchesPerSquare,
  type UpscalingPreset,
  type UpscalingPresetName,
  type UpscalingStage,
  upscalingPresets,
  upscalingStages,
} from '../../upscale/index.js';
import { type GameOptions, refuseGameOptions } from './game-options.js';
import { gameSettings, type StoredGame } from './game-settings.js';
import { checkLossWeights, type HonestSettings, honestSettings } from './honest-settings.js';
import { type LpipsFiles, type LpipsSettings, lpipsSettings } from './lpips-settings.js';
import { byName, seedOf, wholeNumber } from '../../option-checks.js';
import { type RecipeOptions, recipeFrom } from '../recipe.js';
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

/** What the training of a new upscaler is told. */
export interface NewUpscalerOptions extends Omit<RecipeOptions, 'method' | 'preset' | 'clip'>, GameOptions {
  /** Large pictures of good quality: files, globs or folders. */
  readonly pictures?: readonly string[];
  /** `pixel`: learn each pixel. `sfd`: learn to look real; starts from weights of the pixel stage. Default `pixel`. */
  readonly stage?: UpscalingStage;
  /** What small pictures are like, and how to learn. Default `classical`. */
  readonly preset?: UpscalingPresetName;
  /** How many times as high and wide pictures become, of a new network; default 4. */
  readonly scale?: number;
  /** Start from these weights: a file, or the folder of a run. */
  readonly from?: string;
  /**
   * Learn, in the stage pixel, what this upscaler makes of the small pictures, in place of the large ones: a file, the folder of a run, or the
   * name of a known model. It must enlarge by as much. It is shown them before noise and JPEG where the preset tells these apart.
   */
  readonly teacher?: string;
  /** Of the preset mixed: whose results of the real-world half are learnt; default: those of `teacher`. */
  readonly spoiltTeacher?: string;
  /**
   * How many patches are cut from each square that is degraded, 1 to 16, where small pictures are degraded as in the real
   * world; default: that of the preset, 4 for the stage pixel and 1 for sfd.
   */
  readonly patchesPerSquare?: number;
  /** Largest norm of the generator's gradients; 0 does not clip. */
  readonly clipGradients?: number;
  /** Large pictures to measure on, which are not learnt from: a folder, file or glob. */
  readonly validation?: string;
  /** Measure them by LPIPS as well, through one of its networks. */
  readonly validationLpips?: LpipsFiles;
  /** Steps between two validations; default: about twenty times in all. */
  readonly validateEvery?: number;
  /** Also look for pictures in the folders inside folders. */
  readonly recursive?: boolean;
  /** Leave out pictures that turn out to be noisy when they are measured; default: they are told. */
  readonly leaveOutNoisy?: boolean;
  /** Under which terms the weights may be used; kept in their file. */
  readonly licence?: string;
}

/** The settings of an upscaler's training. */
export interface UpscalerSettings extends TrainingSettings {
  readonly kind: 'upscaler';
  readonly stage: UpscalingStage;
  readonly degradation: UpscalingKind;
  readonly from: string | null;
  /** Whose results are learnt in place of the large pictures, where there is one. */
  readonly teacher?: FrozenFile;
  /** Whose results of the real-world half are learnt. */
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
  const { pictures = [], recursive = false, stage = 'pixel', preset = 'classical', from } = options;
  if (!upscalingStages.includes(stage))
    throw optionError('stage', `one of ${upscalingStages.join(', ')}`, stage);
  checkLossWeights(options);
  const recipes = byName(upscalingPresets, preset, 'preset');
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
  const { clip: _clip, clipGradients, ...learning } = options;
  const recipe = recipeFrom(
    { ...learning, ...present({ clip: clipGradients }) },
    stages[stage],
    { name: `the stage ${stage}`, needsBlindSpot: false, training: { patchMultiple: scale } },
    description,
    start !== undefined,
  );
  if (stage === 'pixel') refuseGameOptions(options);
  const budget = budgetOr(options, { steps: stages[stage].steps });
  const game = stage === 'sfd' ? await gameSettings(options, weights, recipe, budget) : undefined;
  const honest = stage === 'pixel' ? await honestSettings(options, weights) : undefined;
  const teacher = await teacherOf('teacher', options, scale);
  const spoiltTeacher = await teacherOf('spoiltTeacher', options, scale);
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
    options.validationLpips === undefined
      ? undefined
      : await lpipsSettings(options.validationLpips, 'validationLpips');
  return {
    kind: 'upscaler',
    method: stage,
    stage,
    degradation,
    architecture: description.architecture,
    config: description.config,
    preset,
    recipe,
    seed: seedOf(options),
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
  { [name]: teacher, stage = 'pixel' }: NewUpscalerOptions,
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
  return wholeNumber(patchesPerSquare, 1, mostPatchesPerSquare, 'patchesPerSquare');
}
