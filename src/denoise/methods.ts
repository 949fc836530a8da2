import { amsnet, amsnetP } from './amsnet.js';
import { apBsn } from './ap-bsn.js';
import { distilled } from './distillation.js';
import type { DenoisingMethod, InferenceMethod } from './method.js';
import { sdap } from './sdap.js';

/** Adding a method is adding its file and naming it here. */
const all: readonly (DenoisingMethod | InferenceMethod)[] = [sdap, amsnet, amsnetP, apBsn, distilled];

/** Whether a network can be trained by the method on noisy pictures alone. */
export function learnsFromPictures(method: InferenceMethod): method is DenoisingMethod {
  return 'training' in method;
}

/** Every method, by name, those included that cannot be trained by. */
export const inferenceMethods: Readonly<Record<string, InferenceMethod>> = Object.fromEntries(
  all.map((method) => [method.name, method]),
);

/** Every method to train by, by name. */
export const denoisingMethods: Readonly<Record<string, DenoisingMethod>> = Object.fromEntries(
  all.filter(learnsFromPictures).map((method) => [method.name, method]),
);
