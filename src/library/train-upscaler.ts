import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { OptionError } from '../errors.js';
import { CLIP_STRIDE, type NetworkDescription, networkParameters } from '../networks/index.js';
import { initialiseParameters } from '../nn/index.js';
import { grouped, type TensorValue } from '../tensor/index.js';
import {
  type AdversarialObjective,
  type Objective,
  opponentIn,
  type PixelLesson,
  pixelObjective,
  type SfdGame,
  sfdObjective,
  type TrainingState,
} from '../training/index.js';
import { createPairSource, type PromptWords } from '../upscale/index.js';
import { writeSafetensors } from '../weights/index.js';
import { collapseWatch } from './collapse-watch.js';
import type { Course } from './learn.js';
import { storedParameters } from './float32-parameters.js';
import { checkFrozen, completed, type GameSettings } from './game-settings.js';
import { JUDGES, judgesFormats } from './judges-file.js';
import { type ClipWeights, loadClip } from './load-clip.js';
import { loadVgg19 } from './load-vgg19.js';
import { lpipsOf } from './lpips-settings.js';
import { promptWords } from './prompt-words.js';
import { type Seated, seatJudges } from './seat-judges.js';
import { type RunOptions, type TrainedWeights, trainRun } from './training-run.js';
import {
  isUpscalerSettings,
  type NewUpscalerOptions,
  newUpscalerSettings,
  type UpscalerSettings,
} from './upscaler-settings.js';
import { upscalerMaterial } from './upscaler-validation.js';
import { loadUpscalerWeights } from './upscaler-weights.js';

/** Options of {@link trainUpscaler}: those of a new run, or `resume`, and how to do it. */
export interface TrainUpscalerOptions extends NewUpscalerOptions, RunOptions {}

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
 *   ...{ pictures: ['photos/'], stage: 'sfd', from: 'runs/pixel', clip: 'RN50.pt', vgg: 'vgg19-dcbb9e9d.pth' },
 *   ...{ output: 'runs/sfd', minutes: 600 },
 * });
 */
export function trainUpscaler(options: TrainUpscalerOptions): Promise<TrainedWeights> {
  return trainRun(
    {
      product: 'an upscaler',
      task: 'upscale',
      isSettings: isUpscalerSettings,
      newSettings: () => newUpscalerSettings(options),
      async prepare(settings, description) {
        const { seed, files, from, degradation } = settings;
        const game = settings.game === undefined ? undefined : completed(settings.game);
        const patch = lastPatch(settings);
        const { scale } = description;
        const validation = settings.validation.pictures;
        const lpips = settings.lpips === undefined ? {} : { lpips: await lpipsOf(settings.lpips) };
        const common = {
          material: await upscalerMaterial({ degradation, scale, files, patch, validation, ...lpips }),
          first: async () =>
            from === null
              ? initialiseParameters(networkParameters(description), seed)
              : (await loadUpscalerWeights(from)).parameters,
          ...(from === null ? {} : { startedFrom: from }),
        };
        const open = pairsOf(settings, description, options);
        if (game === undefined) return () => ({ ...common, open: open(pixelObjective) });
        const frozen = await loadFrozen(game, patch);
        return async (runtime) => {
          const seated = await seatJudges(runtime, { game, files, patch, seed, ...frozen });
          const played = (lesson: PixelLesson) =>
            sfdObjective({ ...lesson, ...gameOf(game, seated, frozen) });
          return {
            ...common,
            open: open(played),
            watch: collapseWatch(),
            finish: (folder, state) => saveJudges(join(folder, JUDGES), settings, seated, state),
          };
        };
      },
    },
    options,
  );
}

/** The patches that the result is trained for in the end. */
const lastPatch = ({ recipe }: UpscalerSettings): number => recipe.stages.at(-1)?.patch ?? 128;

/** Opens pairs of patches for an objective that learns from them; those that are too small are told of once. */
function pairsOf(
  { seed, files, degradation, patchesPerSquare = 1 }: UpscalerSettings,
  { network, scale }: NetworkDescription,
  { onProgress, threads = availableParallelism() }: RunOptions,
): (objectiveOf: (lesson: PixelLesson) => Objective | AdversarialObjective) => Course['open'] {
  const sharpened = degradation === 'real-world';
  return (objectiveOf) => async (size, startStep) => {
    const pairs = await createPairSource({
      ...{ files, kind: degradation, scale, ...size, seed, startStep },
      ...{ sharpen: sharpened, patchesPerSquare },
      // Bicubic pairs are made faster than any step needs them; a real-world pair takes as long as many small steps.
      threads: sharpened ? threads : 1,
    });
    if (pairs.skipped > 0 && startStep === 0)
      onProgress?.({
        kind: 'note',
        message: `${pairs.skipped} of ${files.length} pictures are smaller than a patch of ${size.patch} × ${size.patch} pixels and are left out`,
      });
    return {
      objective: objectiveOf({ network, scale, size, pairs, sharpened }),
      close: () => pairs.close(),
    };
  };
}

/** The networks that nobody learns, where the game has them. */
interface Frozen {
  readonly clip?: ClipWeights;
  readonly vgg?: Readonly<Record<string, TensorValue>>;
  /** What CLIP's table has for the words that prompts begin with. */
  readonly words?: PromptWords;
}

/** Reads CLIP and VGG19, and checks that they are those of the run and suit it. */
async function loadFrozen(game: GameSettings, patch: number): Promise<Frozen> {
  for (const file of [game.clip, game.vgg]) if (file !== null) await checkFrozen(file);
  checkPatch(patch, game);
  const clip = game.clip === null ? undefined : await loadClip(game.clip.path);
  if (clip !== undefined) checkPrompts(game, clip);
  const words = clip === undefined ? undefined : await promptWords(game, clip);
  return {
    ...(clip === undefined ? {} : { clip }),
    ...(words === undefined ? {} : { words }),
    ...(game.vgg === null ? {} : { vgg: await loadVgg19(game.vgg.path) }),
  };
}

/** A game as its objective takes it, but for the generator's lesson. */
function gameOf(
  { loss, weights: { pixel, perceptual }, clipNormalisation, calibration }: GameSettings,
  { judges, frozen }: Seated,
  { clip, vgg }: Frozen,
): Omit<SfdGame, keyof PixelLesson> {
  return {
    ...{ judges, frozen, loss, pixel, perceptual, calibration },
    ...(clip === undefined
      ? {}
      : { clip: { config: clip.config, parameters: clip.image, normalised: clipNormalisation } }),
    ...(vgg === undefined ? {} : { vgg }),
  };
}

/** CLIP halves a picture five times, and VGG19 four times. */
function checkPatch(patch: number, { clip, vgg }: GameSettings): void {
  const least = clip === null ? (vgg === null ? 1 : 16) : CLIP_STRIDE;
  if (patch < least)
    throw new OptionError(
      `--patch must be at least ${least} for ${clip === null ? 'VGG19' : 'CLIP'}, got ${patch}`,
    );
}

function checkPrompts({ discriminators, prompt }: GameSettings, { config, name }: ClipWeights): void {
  // The start and the end take a token each.
  const most = config.context_length - 2;
  if (discriminators.includes('prompt') && prompt.tokens > most)
    throw new OptionError(
      `--prompt-tokens must be at most ${most}, which is what CLIP ${name} reads, got ${prompt.tokens}`,
    );
}

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
        ...(feature === undefined ? {} : { feature }),
        prompt: game?.prompt,
        clipNormalisation: game?.clipNormalisation,
      }),
    },
  });
}
