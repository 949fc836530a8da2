import { join } from 'node:path';
import { type NetworkDescription, networkParameters, type SemanticBackbone } from '../../networks/index.js';
import { initialiseParameters } from '../../nn/index.js';
import type { Runtime } from '../../runtime/index.js';
import { grouped } from '../../tensor/index.js';
import {
  batchesByStep,
  openedOf,
  pairData,
  type AdversarialObjective,
  type Objective,
  opponentIn,
  type TrainingState,
} from '../../training/index.js';
import {
  type PixelLesson,
  type PixelObjectiveOptions,
  pixelObjective,
  type SfdGame,
  sfdObjective,
  createPairSource,
  SPOILT_TEACHER,
  TEACHER,
} from '../../upscale/index.js';
import { writeSafetensors } from '../../weights/index.js';
import { ofCleanPictures } from '../clean-pictures.js';
import { countOf, denoiserMeasuredOn } from '../measured-on.js';
import { upscalerAgain } from './again.js';
import { collapseWatch } from './collapse-watch.js';
import type { Course } from '../learn.js';
import {
  type BackboneFile,
  checkFrozen,
  type FrozenFile,
  storedParameters,
  loadUpscalerWeights,
} from '../../models/index.js';
import { frozenTensors, handedOver, loadFrozen, specsOf } from './frozen-networks.js';
import { completed, type GameSettings } from './game-settings.js';
import { honestLosses, loadHonest } from './honest-settings.js';
import { JUDGES, judgesFormats } from '../../measures/index.js';
import { lpipsOf } from './lpips-settings.js';
import { type Seated, seatJudges } from './seat-judges.js';
import { settingsSchemas } from '../stored-settings.js';
import type { RunKind } from '../run-kind.js';
import type { RunOptions } from '../run-options.js';
import { type TrainedWeights, trainRun } from '../training-run.js';
import { present } from '../../present.js';
import { type NewUpscalerOptions, trainUpscalerOptions } from './upscaler-options.js';
import { newUpscalerSettings, type UpscalerSettings } from './upscaler-settings.js';
import { upscalerMaterial } from './upscaler-validation.js';

/** Options of {@link trainUpscaler}: those of a new run, or `resume`, and how to do it. */
export interface TrainUpscalerOptions extends NewUpscalerOptions, RunOptions {}

/** The training of an upscaler, with all that the house knows of it. */
export const upscalerKind = {
  name: 'upscaler',
  called: 'trainUpscaler',
  options: trainUpscalerOptions,
  command: 'train upscaler',
  title: 'an upscaler',
  product: 'an upscaler',
  task: 'upscale',
  schema: settingsSchemas.upscaler,
  newSettings: newUpscalerSettings,
  suitable: (settings, options) => ofCleanPictures(settings, options),
  async prepare(settings, description, options) {
    const { seed, files, from, degradation } = settings;
    const game = settings.game === undefined ? undefined : completed(settings.game);
    const patch = lastPatch(settings);
    const { scale } = description;
    const validation = settings.validation.pictures;
    const lpips = settings.lpips && (await lpipsOf(settings.lpips));
    const common = {
      material: await upscalerMaterial({
        degradation,
        scale,
        files,
        patch,
        validation,
        ...present({ lpips }),
      }),
      first: async () =>
        from === null
          ? initialiseParameters(networkParameters(description), seed)
          : (await loadUpscalerWeights(from)).parameters,
      ...present({ startedFrom: from ?? undefined }),
    };
    const open = ({ threads }: Runtime, objectiveOf: ObjectiveOf): Course['open'] =>
      pairsOf(settings, description, { ...options, threads }, objectiveOf);
    if (game === undefined) {
      const told = await lessonOf(settings, patch);
      return (runtime) => ({
        ...common,
        open: open(runtime, (lesson) => pixelObjective(lesson, told)),
      });
    }
    const networks = handedOver(await loadFrozen(game, patch), () => loadFrozen(game, patch));
    return async (runtime) => {
      const own = await networks();
      const seated = await seatJudges(runtime, { game, files, patch, seed, ...own });
      const tensors = frozenTensors(game, own);
      const frozen = {
        frozen: specsOf(tensors),
        frozenValues: handedOver(tensors, async () => frozenTensors(game, await networks())),
      };
      const rules = gameOf(game, seated, own.eye?.backbone);
      const played = (lesson: PixelLesson) => sfdObjective({ ...lesson, ...rules, ...frozen });
      return {
        ...common,
        open: open(runtime, played),
        watch: collapseWatch(),
        finish: (folder, state) => saveJudges(join(folder, JUDGES), settings, seated, state),
      };
    };
  },
  again: upscalerAgain,
  measuredOn: (settings) => {
    const { pictures } = settings.validation;
    if (pictures.length === 0) return denoiserMeasuredOn(settings);
    return `PSNR and SSIM of the luma${settings.lpips === undefined ? '' : ', and LPIPS,'} of ${countOf(pictures, 'picture')}`;
  },
  numbers:
    'PSNR and SSIM of the luma in 8 bits, without a border as wide as the scale; SSIM with a Gaussian window of 11×11, σ 1.5; under the pictures, PSNR over all RGB values',
  samples: { before: 'small', after: 'upscaled', truth: 'large' },
} as const satisfies RunKind<UpscalerSettings, TrainUpscalerOptions>;

/**
 * Trains an upscaler on large pictures of good quality, which it is shown made small, into a run folder as `trainDenoiser`
 * makes it. The stage `pixel` learns the pixels themselves; the stage `sfd` goes on from there against discriminators
 * that look at CLIP's features and at learnable prompts (SFD, CVPR 2025, as far as it is known), and also leaves these
 * discriminators, in `judges.safetensors`.
 *
 * @throws RevelaError for anything that the user can mend.
 *
 * @example
 * await trainUpscaler({ pictures: ['photos/'], output: 'runs/pixel', minutes: 120 });
 * await trainUpscaler({
 *   pictures: ['photos/'],
 *   stage: 'sfd',
 *   from: 'runs/pixel',
 *   clip: 'RN50.pt',
 *   vgg: 'vgg19-dcbb9e9d.pth',
 *   output: 'runs/sfd',
 *   minutes: 600,
 * });
 */
export function trainUpscaler(options: TrainUpscalerOptions): Promise<TrainedWeights> {
  return trainRun(upscalerKind, options);
}

/** What the pixel stage compares with, and through what. */
async function lessonOf(
  { honest, teacher, spoiltTeacher }: UpscalerSettings,
  patch: number,
): Promise<PixelObjectiveOptions> {
  const teaching = teacher && (await teachingOf(teacher));
  const teachingSpoilt = spoiltTeacher && (await teachingOf(spoiltTeacher));
  return {
    ...present({
      honest: honest && honestLosses(honest),
      teacher: teaching?.description.network,
      spoiltTeacher: teachingSpoilt?.description.network,
    }),
    frozen: {
      ...(honest && (await loadHonest(honest, patch))),
      ...(teaching && grouped(TEACHER, teaching.parameters)),
      ...(teachingSpoilt && grouped(SPOILT_TEACHER, teachingSpoilt.parameters)),
    },
  };
}

/** Opens a teacher; another file than the run began with is refused. */
async function teachingOf(file: FrozenFile) {
  await checkFrozen(file);
  return loadUpscalerWeights(file.path);
}

/** The patches that the result is trained for in the end. */
const lastPatch = ({ recipe }: UpscalerSettings): number => recipe.stages.at(-1)?.patch ?? 128;

/** Makes an objective of pairs. */
type ObjectiveOf = (lesson: PixelLesson) => Objective | AdversarialObjective;

/** Opens pairs of patches for an objective that learns from them; those that are too small are told of once. */
function pairsOf(
  { seed, files, degradation, teacher, patchesPerSquare = 1 }: UpscalerSettings,
  { network, scale }: NetworkDescription,
  { onProgress, threads }: Pick<RunOptions, 'onProgress'> & { readonly threads: number },
  objectiveOf: ObjectiveOf,
): Course['open'] {
  const sharpened = degradation === 'real-world';
  return async (size, startStep) => {
    const source = await batchesByStep(async (first) => {
      const pairs = await createPairSource({
        ...{ files, kind: degradation, scale, ...size, seed, startStep: first },
        ...{ sharpen: sharpened, clean: teacher !== undefined, patchesPerSquare },
        // Bicubic pairs are made faster than any step needs them; a real-world pair takes as long as many small steps.
        threads: degradation === 'bicubic' || degradation === 'photo' ? 1 : threads,
      });
      if (pairs.skipped > 0 && first === 0)
        onProgress?.({
          kind: 'note',
          message: `${pairs.skipped} of ${files.length} pictures are smaller than a patch of ${size.patch} × ${size.patch} pixels and are left out`,
        });
      return pairs;
    }, startStep);
    return openedOf(source, (pairs) => ({
      objective: objectiveOf({ network, scale, size, sharpened }),
      data: pairData(pairs, size, scale),
    }));
  };
}

/** A game as its objective takes it, but for the generator's lesson. */
function gameOf(
  { clipNormalisation, ...game }: GameSettings,
  { judges }: Seated,
  backbone: SemanticBackbone | undefined,
): Omit<SfdGame, keyof PixelLesson | 'frozen' | 'frozenValues'> {
  return {
    ...{ judges, loss: game.loss, honest: honestLosses(game), calibration: game.calibration },
    ...present({ eye: backbone && { backbone, normalised: clipNormalisation } }),
  };
}

const seenThrough = ({ name, sha256 }: BackboneFile): Pick<BackboneFile, 'name' | 'sha256'> => ({
  name,
  sha256,
});

/** Writes the discriminators as they are now: scores of quality are made of them. */
async function saveJudges(
  path: string,
  { game, method }: UpscalerSettings,
  { judges, feature }: Seated,
  { step, tensors: state }: TrainingState,
): Promise<void> {
  const tensors = judges.flatMap(({ judge: { name } }) =>
    Object.entries(grouped(name, opponentIn(state, name))),
  );
  await writeSafetensors(path, {
    tensors: storedParameters(Object.fromEntries(tensors)),
    metadata: {
      ...{ format: judgesFormats.run, method, steps: String(step) },
      config: JSON.stringify({
        discriminators: game?.discriminators,
        clip: game?.clip?.sha256,
        ...present({ backbone: game?.backbone ? seenThrough(game.backbone) : undefined, feature }),
        prompt: game?.prompt,
        clipNormalisation: game?.clipNormalisation,
      }),
    },
  });
}
