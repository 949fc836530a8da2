import type { DenoisingMethod } from '../denoise/index.js';
import { denoisingMethods } from '../denoise/index.js';
import { OptionError } from '../errors.js';
import type { Architecture } from '../networks/index.js';
import { architectures } from '../networks/index.js';

function byName<T>(table: Readonly<Record<string, T>>, name: string, option: string): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined)
    throw new OptionError(`${option} must be one of ${Object.keys(table).join(', ')}, got ${name}`);
  return found;
}

/** The method of that name. */
export function methodNamed(name: string): DenoisingMethod {
  return byName(denoisingMethods, name, '--method');
}

/** The architecture of that name. */
export function architectureNamed(name: string): Architecture {
  return byName(architectures, name, '--network');
}

/** What learning a denoiser can be told. Every field has a default. */
export interface LearningOptions {
  /** Default `sdap`. */
  readonly method?: string;
  /** Default `dbsnl`. */
  readonly network?: string;
  /** Channels of the network, even; default 32. */
  readonly baseChannels?: number;
  /** Dilated modules in each branch; default 3. */
  readonly modules?: number;
  /** Train for so many minutes. */
  readonly minutes?: number;
  /** Train for so many steps. With `minutes` too, whichever ends first. */
  readonly steps?: number;
  /** Side of the patches, in pixels: a multiple of 5 for SDAP. Default 160. */
  readonly patch?: number;
  /** Patches a step; default 1. */
  readonly batch?: number;
  /** Highest learning rate; it falls along a cosine to 2 % of this. */
  readonly learningRate?: number;
  /** Any whole number; the same one draws the same patches and permutations. Default 0. */
  readonly seed?: number;
}

/** The numbers of {@link LearningOptions}, checked. */
export interface LearningNumbers {
  readonly patch: number;
  readonly batch: number;
  readonly seed: number;
  readonly learningRate: number;
}

/** A whole number within bounds, or an error that names the option it came from. */
export const wholeNumber = (value: number, least: number, most: number, option: string): number => {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new OptionError(`${option} must be a whole number from ${least} to ${most}, got ${value}`);
  return value;
};

/** Checks what is to be learnt with, against what the method can take. */
export function checkLearning(
  options: LearningOptions,
  method: DenoisingMethod,
  defaultRate: number,
): LearningNumbers {
  const { patch = 160, batch = 1, seed = 0, learningRate = defaultRate } = options;
  const { patchMultiple } = method.training;
  wholeNumber(patch, 2 * patchMultiple, 2000, '--patch');
  if (patch % patchMultiple !== 0)
    throw new OptionError(`--patch must be a multiple of ${patchMultiple} for ${method.name}, got ${patch}`);
  if (!(learningRate > 0 && learningRate <= 1))
    throw new OptionError(`--learning-rate must be above 0 and at most 1, got ${learningRate}`);
  return {
    patch,
    batch: wholeNumber(batch, 1, 256, '--batch'),
    seed: wholeNumber(seed, 0, Number.MAX_SAFE_INTEGER, '--seed'),
    learningRate,
  };
}
