import { dirname } from 'node:path';
import { findPictures } from '../images/index.js';
import type { RunConfig } from '../training/index.js';
import { isRecord } from './run.js';

/**
 * Options of `revela train denoiser`, and where a run's configuration may keep them. `*` stands for every stage of the
 * training: the option is given where all of them have the same, and otherwise left to the preset.
 */
const options: readonly (readonly [flag: string, ...paths: readonly string[]])[] = [
  ['--method', 'method'],
  ['--preset', 'preset'],
  ['--network', 'architecture'],
  ['--base-channels', 'config.base_ch'],
  ['--modules', 'config.num_module'],
  ['--patch', 'recipe.stages.*.patch', 'numbers.patch'],
  ['--batch', 'recipe.stages.*.batch', 'numbers.batch'],
  ['--schedule', 'recipe.stages.*.curve'],
  ['--learning-rate', 'numbers.learningRate'],
  ['--optimiser', 'recipe.optimiser'],
  ['--weight-decay', 'recipe.weightDecay'],
  ['--clip', 'recipe.clip'],
  ['--average-decay', 'recipe.averageDecay'],
  ['--seed', 'seed', 'numbers.seed'],
  ['--steps', 'budget.steps'],
  ['--minutes', 'budget.minutes'],
  ['--weights', 'weights'],
  ['--licence', 'licence'],
  ['--validate-every', 'validation.every'],
];

/** What a network's own options are; weights bring their network, so that these go. */
const ofNetwork: ReadonlySet<string> = new Set(['--network', '--base-channels', '--modules']);

/**
 * The command that does the training of a run again, as far as its configuration tells.
 *
 * @param output the run folder that the command is to make
 */
export async function trainCommandLine(config: RunConfig, output: string): Promise<string> {
  const fromWeights = typeof config['weights'] === 'string';
  const given = options.flatMap(([flag, ...paths]) => {
    const value = paths.map((path) => valueAt(config, path.split('.'))).find((found) => found !== undefined);
    const text = optionText(value);
    return text === undefined || (fromWeights && ofNetwork.has(flag)) ? [] : [`${flag} ${shellWord(text)}`];
  });
  const parts = [
    'revela train denoiser',
    ...(await inputsOf(config['files'])).map(shellWord),
    `--output ${shellWord(output)}`,
    ...given,
    ...highestRate(config),
    ...validationOptions(config['validation']),
  ];
  return parts.join(' ');
}

/** The value at a path of names; at `*` that of all entries of a list, if it is the same for all. */
function valueAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  if (name !== '*') return isRecord(value) ? valueAt(value[name], rest) : undefined;
  if (!Array.isArray(value)) return undefined;
  const found = value.map((entry) => valueAt(entry, rest));
  return new Set(found.map((entry) => JSON.stringify(entry))).size === 1 ? found[0] : undefined;
}

function optionText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value === 'unknown' ? undefined : value;
  // A schedule of steps.
  return isRecord(value) && 'every' in value && 'factor' in value
    ? `${String(value['every'])}:${String(value['factor'])}`
    : undefined;
}

/** The option is the highest rate of all stages; the others keep their proportion to it. */
function highestRate({ recipe }: RunConfig): readonly string[] {
  const stages: readonly unknown[] =
    isRecord(recipe) && Array.isArray(recipe['stages']) ? recipe['stages'] : [];
  const rates = stages
    .map((stage) => valueAt(stage, ['learningRate']))
    .filter((rate) => typeof rate === 'number');
  return rates.length === 0 ? [] : [`--learning-rate ${Math.max(...rates)}`];
}

/** The folders of the pictures that were measured on. */
function validationOptions(validation: unknown): readonly string[] {
  if (!isRecord(validation)) return [];
  const pairs: readonly unknown[] = Array.isArray(validation['pairs']) ? validation['pairs'] : [];
  const pictures: readonly unknown[] = Array.isArray(validation['pictures']) ? validation['pictures'] : [];
  const noisy = valueAt(pairs[0], ['noisy']) ?? pictures[0];
  const clean = valueAt(pairs[0], ['clean']);
  return [
    ...(typeof noisy === 'string' ? [`--validation-noisy ${shellWord(dirname(noisy))}`] : []),
    ...(typeof clean === 'string' ? [`--validation-clean ${shellWord(dirname(clean))}`] : []),
  ];
}

/** Folders in place of their pictures, where these are still all that is in them. */
async function inputsOf(files: unknown): Promise<readonly string[]> {
  const entries: readonly unknown[] = Array.isArray(files) ? files : [];
  const paths = entries.filter((file) => typeof file === 'string');
  const byFolder = new Map<string, string[]>();
  for (const path of paths) {
    const folder = dirname(path);
    const group = byFolder.get(folder);
    if (group === undefined) byFolder.set(folder, [path]);
    else group.push(path);
  }
  const inputs: string[] = [];
  for (const [folder, group] of byFolder) {
    const all = await findPictures([folder]).catch((): string[] => []);
    const same = all.length === group.length && group.every((path) => all.includes(path));
    inputs.push(...(same ? [folder] : group));
  }
  return inputs;
}

/** A word as one can type it into a shell. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
