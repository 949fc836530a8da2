import { OptionError } from '../errors.js';
import type { InferenceMethod } from './method.js';
import { addMethod, inferenceMethods } from './methods.js';

/** What must be there, by its path, for whoever writes JavaScript. */
const needed = {
  string: ['title', 'defaultNetwork'],
  boolean: ['needsBlindSpot', 'inference.losesDetail'],
  number: ['inference.border'],
  object: ['presets', 'presets.paper', 'presets.fast', 'inference', 'inference.takes'],
  function: ['multiple', 'margin', 'specs', 'draw', 'denoise'].map((name) => `inference.${name}`),
} as const;

/** What a method to train by has besides. */
const neededInTraining = { number: 'patchMultiple', function: ['specs', 'draw', 'objective'] } as const;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((part, name) => (isObject(part) ? Reflect.get(part, name) : undefined), value);

/** What is wrong with a method, in words; `undefined` for one that has all it needs. */
function lackOf(method: unknown): string | undefined {
  const lacks = (path: string, kind: string): boolean =>
    typeof at(method, path) !== kind || at(method, path) === null;
  for (const [kind, paths] of Object.entries(needed))
    for (const path of paths) if (lacks(path, kind)) return `${path}, of type ${kind}`;
  const [training, pairLoss] = [at(method, 'training'), at(method, 'pairLoss')];
  if (training === undefined && pairLoss === undefined) return 'training or pairLoss';
  if (pairLoss !== undefined && typeof pairLoss !== 'function') return 'pairLoss, of type function';
  if (training === undefined) return undefined;
  const { number, function: functions } = neededInTraining;
  if (lacks(`training.${number}`, 'number')) return `training.${number}, of type number`;
  const missing = functions.find((name) => lacks(`training.${name}`, 'function'));
  return missing === undefined ? undefined : `training.${missing}, of type function`;
}

const isMethod = (value: unknown): value is InferenceMethod => lackOf(value) === undefined;

/**
 * Registers a denoising method of one's own: from then on it is there by its name, for trainings, for denoising, and in lists, as the
 * package's own are. A method is an object; `docs/plug-ins.md` has one of 30 lines.
 *
 * @param method in JavaScript anything may come: what it lacks is told
 * @throws OptionError for a name that is none or is taken, and for what is no method
 *
 * @example
 * registerMethod({ ...method, name: 'mine' });
 * await trainDenoiser({ method: 'mine', pictures: ['photos/'], output: 'runs/mine' });
 */
export function registerMethod(method: InferenceMethod): void {
  registerGiven(method);
}

/** The same of what a program of somebody else's gave. */
export function registerGiven(given: unknown): void {
  const name = at(given, 'name');
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name))
    throw new OptionError(
      `a method needs a name of small letters, digits and hyphens, got ${isObject(given) ? JSON.stringify(name) : String(given)}`,
    );
  if (Object.hasOwn(inferenceMethods, name))
    throw new OptionError(`there is a method ${name} already: give yours another name`);
  if (!isMethod(given)) throw new OptionError(`the method ${name} lacks ${lackOf(given)}`);
  addMethod(given);
}
