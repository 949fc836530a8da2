import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { RevelaError } from '../errors.js';
import { present } from '../present.js';
import { type AnySettings, kindOf } from '../api/index.js';
import { architectureOf, type NetworkSize } from '../networks/index.js';
import { option, type Typed } from './options.js';

/**
 * The options of a run's recipe, which are those of all trainings. A value that differs between stages is left to the
 * preset; of the learning rate the option is the highest, and the others keep their proportion to it.
 */
export function recipeOptions(
  { recipe: { stages, clip = 0, ...recipe }, seed, budget, licence, validation }: AnySettings,
  clipping: '--clip' | '--clip-gradients',
): Typed {
  const [first] = stages;
  const shared = <T>(value: (stage: (typeof stages)[number]) => T): T | undefined =>
    first !== undefined && stages.every((stage) => isDeepStrictEqual(value(stage), value(first)))
      ? value(first)
      : undefined;
  const curve = shared((stage) => stage.curve);
  return [
    ...option(
      '--patch',
      shared(({ patch }) => patch),
    ),
    ...option(
      '--batch',
      shared(({ batch }) => batch),
    ),
    ...option('--schedule', typeof curve === 'object' ? `${curve.every}:${curve.factor}` : curve),
    ...option('--learning-rate', Math.max(...stages.map(({ learningRate }) => learningRate))),
    ...option('--optimiser', recipe.optimiser),
    ...option('--weight-decay', recipe.weightDecay),
    ...option(clipping, clip),
    ...option('--average-decay', recipe.averageDecay),
    ...option('--seed', seed),
    ...option('--steps', budget.steps),
    ...option('--minutes', budget.minutes),
    ...option('--licence', licence === 'unknown' ? undefined : licence),
    ...option('--validate-every', validation.every),
  ];
}

/** The options that make a new network of that size, as far as there are any. */
export function networkOptions(settings: AnySettings, named: boolean): Typed {
  const { architecture } = settings;
  const size = sizeOf(settings);
  return [
    ...(named ? option('--network', architecture) : []),
    ...option('--channels', size.channels),
    ...option('--base-channels', size.baseChannels),
    ...option('--modules', size.modules),
    ...option('--scale', size.scale),
  ];
}

/** The size that gives a network its hyper-parameters, found by trying: only an architecture knows what it makes of one. */
function sizeOf(settings: AnySettings): NetworkSize {
  const { config } = settings;
  const architecture = architectureOf(settings.architecture);
  if (architecture === undefined) return {};
  const numbers = [...new Set(Object.values(config).flat())].filter((value) => typeof value === 'number');
  const choices: readonly (number | undefined)[] = [...numbers, undefined];
  const grey = architecture.ofConfig(config).inputChannels === 1 ? { channels: 1 } : {};
  for (const baseChannels of choices)
    for (const modules of choices)
      for (const scale of kindOf(settings) === 'upscaler' ? choices : [undefined]) {
        const size: NetworkSize = {
          ...grey,
          ...present({ baseChannels, modules, scale }),
        };
        if (makes(() => architecture.ofSize(size).config, config)) return size;
      }
  return {};
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
export function denoiserValidation({ validation: { pairs, pictures } }: AnySettings): Typed {
  const [pair] = pairs;
  return [
    ...option('--validation-noisy', folderOf(pair?.noisy ?? pictures[0])),
    ...option('--validation-clean', folderOf(pair?.clean)),
  ];
}

/** The folder of the good pictures that an upscaler or a scorer was measured on. */
export const goodValidation = ({ validation: { pictures } }: AnySettings): Typed =>
  option('--validation', folderOf(pictures[0]));

const folderOf = (file: string | undefined): string | undefined =>
  file === undefined ? undefined : dirname(file);
