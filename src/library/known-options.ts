import { OptionError } from '../errors.js';
import type { LearningOptions } from './denoiser-options.js';
import type { InferenceChoices } from './inference-options.js';
import type { DeviceOptions } from './open-device.js';
import type { RemovalOptions } from './removal-options.js';

/** All options that a function takes, so that none can be forgotten. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

export const deviceOptionNames: OptionNames<DeviceOptions> = {
  device: true,
  threads: true,
  onProgress: true,
  signal: true,
};

export const learningOptionNames: OptionNames<LearningOptions> = {
  ...{ method: true, network: true, channels: true, baseChannels: true, modules: true },
  ...{ minutes: true, steps: true, patch: true, batch: true, learningRate: true, seed: true },
};

export const inferenceChoiceNames: OptionNames<InferenceChoices> = {
  ...{ subSampling: true, enhance: true, refine: true, masks: true, deterministic: true },
};

export const removalOptionNames: OptionNames<RemovalOptions> = {
  ...{ strength: true, luma: true, chroma: true, detail: true, mask: true, bare: true },
};

/**
 * Refuses options that a function does not have: a misspelt one would silently do nothing. Types do not see those of programs
 * in JavaScript, nor those that are spread.
 *
 * @param what the function, for the message
 * @throws OptionError that names the option
 */
export function refuseUnknownOptions(
  what: string,
  options: object,
  known: Readonly<Record<string, true>>,
): void {
  const strange = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (strange === undefined) return;
  throw new OptionError(
    `${what} has no option ${JSON.stringify(strange)}; it has ${Object.keys(known).join(', ')}`,
  );
}
