import {
  type DenoisingMethod,
  type InferenceMethod,
  type SupervisedMethod,
  denoisingMethods,
  inferenceMethods,
  supervisedMethods,
} from '../denoise/index.js';
import { OptionError } from '../errors.js';
import { type Architecture, type NetworkDescription, architectures } from '../networks/index.js';
import { byName } from '../option-checks.js';

/** The method of that name, to denoise by. */
export function inferenceMethodNamed(name: string): InferenceMethod {
  return byName(inferenceMethods, name, 'method');
}

/** The method of that name, to train by, on noisy pictures alone or on pairs. */
export function trainableMethodNamed(name: string): DenoisingMethod | SupervisedMethod {
  return supervisedMethods[name] ?? methodNamed(name);
}

/** The method of that name, to train by on noisy pictures alone. */
export function methodNamed(name: string): DenoisingMethod {
  if (Object.hasOwn(supervisedMethods, name))
    throw new OptionError(
      `${name} weights learn from clean pictures, not from the noisy ones alone: use \`trainDenoiser({ method: '${name}' })\`, or one of the methods ${Object.keys(denoisingMethods).join(', ')}`,
    );
  if (Object.hasOwn(inferenceMethods, name) && !Object.hasOwn(denoisingMethods, name))
    throw new OptionError(
      `${name} weights learn from a teacher, not from pictures alone: use \`distill()\`, or one of the methods ${Object.keys(denoisingMethods).join(', ')}`,
    );
  return byName(denoisingMethods, name, 'method');
}

/** The architecture of that name. */
export function architectureNamed(name: string): Architecture {
  return byName(architectures, name, 'network');
}

/**
 * Checks that a network is blind to the pixel that it predicts, where the method needs that: one that is not would learn
 * to copy the noise.
 */
export function checkBlindSpot(
  { name, needsBlindSpot }: Pick<InferenceMethod, 'name' | 'needsBlindSpot'>,
  { architecture, blindSpot }: Pick<NetworkDescription, 'architecture' | 'blindSpot'>,
): void {
  if (!needsBlindSpot || blindSpot) return;
  const free = Object.values(denoisingMethods).filter((method) => !method.needsBlindSpot);
  throw new OptionError(
    `\`method\` ${name} needs a network that is blind to the pixel it predicts, and ${architecture} is not: choose \`network\` dbsnl, or a method that takes any network (${free.map((method) => method.name).join(', ')})`,
  );
}
