import { dirname } from 'node:path';
import { type AnySettings, kindOf, trainingPictures } from '../api/index.js';
import { shellWord, typedOptions } from './options.js';

/**
 * The command that does the training of a run again, as far as options can tell.
 *
 * @param output the run folder that the command is to make
 */
export async function trainCommandLine(settings: AnySettings, output: string): Promise<string> {
  const kind = kindOf(settings);
  const inputs = (await inputsOf(settings.files)).map(shellWord);
  return [
    `revela ${kind.command}`,
    ...inputs,
    ...typedOptions({ output, ...kind.again(settings) }, kind.options),
  ].join(' ');
}

/** The command that goes on with a run. */
export const resumeCommandLine = (settings: AnySettings, path: string): string =>
  `revela ${kindOf(settings).command} --resume ${shellWord(path)}`;

/** Folders in place of their pictures, where these are still all that is in them. */
async function inputsOf(files: readonly string[]): Promise<readonly string[]> {
  const byFolder = new Map<string, string[]>();
  for (const path of files) {
    const folder = dirname(path);
    const group = byFolder.get(folder);
    if (group === undefined) byFolder.set(folder, [path]);
    else group.push(path);
  }
  const inputs: string[] = [];
  for (const [folder, group] of byFolder) {
    const all = await trainingPictures([folder], {}).catch((): string[] => []);
    const same = all.length === group.length && group.every((path) => all.includes(path));
    inputs.push(...(same ? [folder] : group));
  }
  return inputs;
}
