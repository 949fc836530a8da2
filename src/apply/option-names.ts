import type { OptionNames } from '../known-options.js';
import type { LearningOptions } from '../models/index.js';
import type { InferenceChoices } from './inference-options.js';
import type { DeviceOptions } from './open-device.js';
import type { RemovalOptions } from './removal-options.js';

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
