import { flag, type OptionsOf, choice, path, retold, whole } from '../../options/index.js';
import {
  mostPatchesPerSquare,
  type UpscalingPresetName,
  upscalingPresets,
  upscalingStages,
} from '../../upscale/choices.js';
import { weightsNaming } from '../../models/options.js';
import { plainRecipeOptions, trainingLearning } from '../recipe-options.js';
import { licenceOptions, materialOptions, runOptions } from '../run-options.js';
import { goodValidationOptions } from '../validation-options.js';
import { gameOptions } from './game-options.js';
import { lossOptions, lpipsBy } from './loss-options.js';

/** The names of the presets of upscaling. */
export const upscalingPresetNames: readonly UpscalingPresetName[] = Object.keys(upscalingPresets).filter(
  (name): name is UpscalingPresetName => Object.hasOwn(upscalingPresets, name),
);

const presetTitles = upscalingPresetNames.map((name) => `${name}: ${upscalingPresets[name].title}`);

const { method: _method, ...learning } = trainingLearning;

/** What the training of a new upscaler is told, in the parts that help shows. */
export const upscalerParts = {
  start: {
    ...materialOptions,
    /** `pixel`: learn each pixel. `sfd`: learn to look real; starts from weights of the pixel stage. Default `pixel`. */
    stage: choice(upscalingStages, { default: 'pixel', words: 'pixel, or sfd: learn to look real' }),
    /** Leave out pictures that turn out to be noisy when they are measured; default: they are told. */
    leaveOutNoisy: flag({ default: false, words: 'leave out noisy pictures' }),
    /** Start from these weights: a file, or the folder of a run. */
    from: path({ value: 'PATH', words: `start from a ${weightsNaming}`, usual: 'a new network' }),
    /**
     * Learn, in the stage pixel, what this upscaler makes of the small pictures, in place of the large ones: a file, the folder of a run, or the
     * name of a known model. It must enlarge by as much. It is shown them before noise and JPEG where the preset tells these apart.
     */
    teacher: path({
      ...{ value: 'PATH', words: 'learn what these weights make, not the large pictures', usual: 'none' },
    }),
    /** Of the preset mixed: whose results of the real-world third are learnt; default: those of `teacher`. */
    spoiltTeacher: path({
      ...{
        value: 'PATH',
        words: 'of preset mixed: and these, of its real-world third',
        usual: 'the teacher',
      },
    }),
    ...licenceOptions,
  },
  learning: {
    ...retold(learning, {
      ...{ network: { usual: 'srvggnet' }, patch: { words: 'side of the patches, a multiple of the scale' } },
    }),
    /** How many times as high and wide pictures become, of a new network; default 4. */
    scale: whole({ short: 's', from: 2, to: 4, words: 'how many times to enlarge, 2 to 4', usual: '4' }),
  },
  recipe: {
    /** What small pictures are like, and how to learn. Default `classical`. */
    preset: choice(upscalingPresetNames, {
      ...{ default: 'classical', words: `small pictures; ${presetTitles.join('; ')}` },
    }),
    ...plainRecipeOptions,
    /**
     * How many patches are cut from each square that is degraded, 1 to 16, where small pictures are degraded as in the real
     * world; default: that of the preset, 4 for the stage pixel and 1 for sfd.
     */
    patchesPerSquare: whole({
      ...{ from: 1, to: mostPatchesPerSquare, words: 'of real-world', usual: '4; 1 for sfd' },
    }),
  },
  losses: lossOptions,
  game: gameOptions,
  validation: {
    ...retold(goodValidationOptions, {
      validation: { words: 'large pictures to measure on', usual: 'none' },
    }),
    /** Measure them by LPIPS as well, through one of its networks, by its name or with its files. */
    validationLpips: lpipsBy('measure LPIPS too', 'none'),
  },
};

const { start, learning: learnt, recipe, losses, game, validation } = upscalerParts;

/** What the training of a new upscaler is told. */
export const newUpscalerOptions = { ...start, ...learnt, ...recipe, ...losses, ...game, ...validation };

/** What the training of a new upscaler is told. */
export interface NewUpscalerOptions extends OptionsOf<typeof newUpscalerOptions> {}

/** Options of `trainUpscaler`. */
export const trainUpscalerOptions = { ...runOptions, ...newUpscalerOptions };
