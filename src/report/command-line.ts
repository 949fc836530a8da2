import { dirname } from 'node:path';
import { type AnySettings, kindOf, type RunKindName, trainingPictures } from '../api/index.js';
import { denoiserValidation, goodValidation, networkOptions, recipeOptions } from './learning-options.js';
import { option, shellWord, switched, type Typed } from './options.js';
import { upscalerOptions } from './upscaler-options.js';

/** The command of each kind of training. */
const commands: Readonly<Record<RunKindName, string>> = {
  denoiser: 'revela train denoiser',
  distillation: 'revela distill',
  upscaler: 'revela train upscaler',
  scorer: 'revela train scorer',
};

/**
 * The command that does the training of a run again, as far as options can tell.
 *
 * @param output the run folder that the command is to make
 */
export async function trainCommandLine(settings: AnySettings, output: string): Promise<string> {
  const inputs = (await inputsOf(settings.files)).map(shellWord);
  const to = option('--output', output);
  return [commands[kindOf(settings)], ...inputs, ...to, ...optionsOf(settings)].join(' ');
}

/** The command that goes on with a run. */
export const resumeCommandLine = (settings: AnySettings, path: string): string =>
  `${commands[kindOf(settings)]} --resume ${shellWord(path)}`;

/** Weights to start from bring their network. */
function optionsOf(settings: AnySettings): Typed {
  if (!('kind' in settings))
    return [
      ...option('--method', settings.method),
      ...option('--preset', settings.preset),
      ...(settings.weights === null ? networkOptions(settings, true) : option('--weights', settings.weights)),
      ...recipeOptions(settings, '--clip'),
      ...denoiserValidation(settings),
    ];
  if (settings.kind === 'distillation')
    return [
      ...option('--teacher', settings.teacher),
      ...option('--variants', settings.variants),
      ...switched('--recharge', settings.recharge),
      ...option('--preset', settings.preset),
      ...networkOptions(settings, true),
      ...recipeOptions(settings, '--clip'),
      ...denoiserValidation(settings),
    ];
  const start = settings.from === null ? undefined : option('--from', settings.from);
  if (settings.kind === 'scorer')
    return [
      ...(start ?? networkOptions(settings, false)),
      ...recipeOptions(settings, '--clip-gradients'),
      ...goodValidation(settings),
    ];
  return [
    ...option('--stage', settings.stage),
    ...option('--preset', settings.preset),
    ...(start ?? networkOptions(settings, true)),
    ...recipeOptions(settings, '--clip-gradients'),
    ...upscalerOptions(settings),
    ...goodValidation(settings),
  ];
}

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
