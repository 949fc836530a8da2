import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { RevelaError } from '../errors.js';
import { architectureOf } from '../networks/index.js';
import { present } from '../present.js';
import type { RecipeOptions } from './recipe-options.js';
import type { TrainingSettings } from './run-settings.js';
import type { ValidationOptions } from './validation-options.js';

/**
 * The options of a run's recipe, which are those of all trainings, but for that of clipping. A value that differs between
 * stages is left to the preset; of the learning rate the option is the highest, and the others keep their proportion to it.
 */
export function recipeAgain({ recipe, seed, budget, licence, validation }: TrainingSettings) {
  const { stages } = recipe;
  const [first] = stages;
  const shared = <T>(value: (stage: (typeof stages)[number]) => T): T | undefined =>
    first !== undefined && stages.every((stage) => isDeepStrictEqual(value(stage), value(first)))
      ? value(first)
      : undefined;
  return present({
    patch: shared(({ patch }) => patch),
    batch: shared(({ batch }) => batch),
    schedule: shared(({ curve }) => curve),
    learningRate: Math.max(...stages.map(({ learningRate }) => learningRate)),
    optimiser: recipe.optimiser,
    weightDecay: recipe.weightDecay,
    averageDecay: recipe.averageDecay,
    seed,
    steps: budget.steps,
    minutes: budget.minutes,
    licence: licence === 'unknown' ? undefined : licence,
    validateEvery: validation.every,
  });
}

/** The largest norm of the gradients, as an option says it. */
export const clipAgain = ({ recipe: { clip = 0 } }: TrainingSettings): number => clip;

/** The preset, as far as there is one of that name. */
export const presetAgain = <Name extends string>(
  { preset }: TrainingSettings,
  known: readonly Name[],
): { readonly preset?: Name } => present({ preset: known.find((name) => name === preset) });

/**
 * The options that make a new network of the settings' size, as far as there are any; found by trying: only an architecture
 * knows what it makes of one.
 *
 * @param scales whether it may enlarge
 */
export function networkAgain(
  { architecture: name, config }: TrainingSettings,
  { scales = false }: { readonly scales?: boolean } = {},
): Pick<RecipeOptions, 'network' | 'channels' | 'baseChannels' | 'modules'> & { readonly scale?: number } {
  const architecture = architectureOf(name);
  if (architecture === undefined) return { network: name };
  const numbers = [...new Set(Object.values(config).flat())].filter((value) => typeof value === 'number');
  const choices: readonly (number | undefined)[] = [...numbers, undefined];
  const grey = architecture.ofConfig(config).inputChannels === 1 ? ({ channels: 1 } as const) : {};
  for (const baseChannels of choices)
    for (const modules of choices)
      for (const scale of scales ? choices : [undefined]) {
        const size = { ...grey, ...present({ baseChannels, modules, scale }) };
        if (makes(() => architecture.ofSize(size).config, config)) return { network: name, ...size };
      }
  return { network: name };
}

function makes(config: () => unknown, wanted: unknown): boolean {
  try {
    return isDeepStrictEqual(config(), wanted);
  } catch (error) {
    if (error instanceof RevelaError) return false; // it has no such size
    throw error;
  }
}

/** The folders of the pictures that a denoiser was measured on. */
export function pairsAgain({ validation: { pairs, pictures } }: TrainingSettings): ValidationOptions {
  const [pair] = pairs;
  return present({
    validationNoisy: folderOf(pair?.noisy ?? pictures[0]),
    validationClean: folderOf(pair?.clean),
  });
}

/** The folder of the good pictures that an upscaler or a scorer was measured on. */
export const goodAgain = ({ validation: { pictures } }: TrainingSettings): { readonly validation?: string } =>
  present({ validation: folderOf(pictures[0]) });

const folderOf = (file: string | undefined): string | undefined =>
  file === undefined ? undefined : dirname(file);
