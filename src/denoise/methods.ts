import { amsnet, amsnetP } from './amsnet.js';
import { apBsn } from './ap-bsn.js';
import { distilled } from './distillation.js';
import type { DenoisingMethod, InferenceMethod } from './method.js';
import { sdap } from './sdap.js';
import { type SupervisedMethod, supervised } from './supervised.js';

/** Adding a method is adding its file and naming it here. */
const all: readonly (DenoisingMethod | SupervisedMethod | InferenceMethod)[] = [
  sdap,
  amsnet,
  amsnetP,
  apBsn,
  distilled,
  supervised,
];

/** Whether a network can be trained by the method on noisy pictures alone. */
export function learnsFromPictures(method: InferenceMethod): method is DenoisingMethod {
  return 'training' in method;
}

/** Whether a network is trained by the method on pairs of noisy and clean pictures. */
export function learnsFromPairs(method: InferenceMethod): method is SupervisedMethod {
  return 'pairLoss' in method;
}

/** Every method, by name, those included that cannot be trained by. */
export const inferenceMethods: Readonly<Record<string, InferenceMethod>> = Object.fromEntries(
  all.map((method) => [method.name, method]),
);

/** Every method to train by, by name. */
export const denoisingMethods: Readonly<Record<string, DenoisingMethod>> = Object.fromEntries(
  all.filter(learnsFromPictures).map((method) => [method.name, method]),
);

/** Every method that learns from pairs, by name. */
export const supervisedMethods: Readonly<Record<string, SupervisedMethod>> = Object.fromEntries(
  all.filter(learnsFromPairs).map((method) => [method.name, method]),
);
