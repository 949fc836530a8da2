import { dirname } from 'node:path';
import { findPictures } from '../images/index.js';
import type { RunConfig } from '../training/index.js';
import { isRecord } from './run.js';

/** Options of `revela train denoiser` by where a run's configuration keeps them. */
const options: readonly (readonly [flag: string, ...path: readonly string[]])[] = [
  ['--method', 'method'],
  ['--preset', 'preset'],
  ['--network', 'architecture'],
  ['--base-channels', 'config', 'base_ch'],
  ['--modules', 'config', 'num_module'],
  ['--patch', 'numbers', 'patch'],
  ['--batch', 'numbers', 'batch'],
  ['--learning-rate', 'numbers', 'learningRate'],
  ['--seed', 'numbers', 'seed'],
  ['--steps', 'budget', 'steps'],
  ['--minutes', 'budget', 'minutes'],
  ['--weights', 'weights'],
  ['--licence', 'licence'],
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
  const given = options.flatMap(([flag, ...path]) => {
    const value = valueAt(config, path);
    const isPlain = typeof value === 'number' || (typeof value === 'string' && value !== 'unknown');
    return isPlain && !(fromWeights && ofNetwork.has(flag)) ? [`${flag} ${shellWord(String(value))}`] : [];
  });
  const inputs = await inputsOf(config['files']);
  return ['revela train denoiser', ...inputs.map(shellWord), `--output ${shellWord(output)}`, ...given].join(
    ' ',
  );
}

function valueAt(config: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), config);
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
