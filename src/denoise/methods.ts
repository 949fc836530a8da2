import { amsnet, amsnetP } from './amsnet.js';
import { apBsn } from './ap-bsn.js';
import { distilled } from './distillation.js';
import type { DenoisingMethod, InferenceMethod } from './method.js';
import { sdap } from './sdap.js';
import { type SupervisedMethod, supervised } from './supervised.js';

/** Adding a method is adding its file and naming it here; from outside the package, `registerMethod`. */
const all: readonly InferenceMethod[] = [sdap, amsnet, amsnetP, apBsn, distilled, supervised];

/** Whether a network can be trained by the method on noisy pictures alone. */
export function learnsFromPictures(method: InferenceMethod): method is DenoisingMethod {
  return 'training' in method;
}

/** Whether a network is trained by the method on pairs of noisy and clean pictures. */
export function learnsFromPairs(method: InferenceMethod): method is SupervisedMethod {
  return 'pairLoss' in method;
}

const inference: Record<string, InferenceMethod> = {};
const denoising: Record<string, DenoisingMethod> = {};
const pairs: Record<string, SupervisedMethod> = {};

/** Every method, by name, those included that cannot be trained by. */
export const inferenceMethods: Readonly<Record<string, InferenceMethod>> = inference;

/** Every method to train by, by name. */
export const denoisingMethods: Readonly<Record<string, DenoisingMethod>> = denoising;

/** Every method that learns from pairs, by name. */
export const supervisedMethods: Readonly<Record<string, SupervisedMethod>> = pairs;

/** Puts a method among the others. */
export function addMethod(method: InferenceMethod): void {
  inference[method.name] = method;
  if (learnsFromPictures(method)) denoising[method.name] = method;
  if (learnsFromPairs(method)) pairs[method.name] = method;
}

for (const method of all) addMethod(method);
