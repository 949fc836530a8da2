import { OptionError } from '../../errors.js';
import { type ExportedModel, exportDenoiser, exportUpscaler, taskOfWeights } from '../../api/index.js';
import type { Context } from '../context.js';
import { present } from '../../present.js';
import type { ExportFlags } from './command.js';
import { namedNetwork } from '../options/model-store.js';
import { openScreen } from '../terminal/screen.js';
import { optionName, sizeText } from '../terminal/wording.js';

/** Does what `revela export` promises; returns the exit code. */
export async function runExport(
  weights: string,
  model: string,
  { json = false, key, ...options }: ExportFlags,
  context: Context,
): Promise<number> {
  const screen = openScreen(context, json);
  const { path, bytes, card } = await exported(
    await namedNetwork(weights, present({ key }), context, screen.note),
    model,
    options,
  );
  screen.written(weights, path);
  screen.done(`Wrote ${sizeText(bytes)}; revela info ${path} shows how it is called`, {
    model: path,
    bytes,
    card,
  });
  return 0;
}

async function exported(
  weights: string,
  model: string,
  options: Omit<ExportFlags, 'json' | 'key'>,
): Promise<ExportedModel> {
  if ((await taskOfWeights(weights)) !== 'upscale') return exportDenoiser(weights, model, options);
  const { overwrite = false, ...ofDenoisers } = options;
  const [foreign] = Object.keys(ofDenoisers);
  if (foreign !== undefined)
    throw new OptionError(
      `${ofDenoisers.enhance === false ? '--no-enhance' : optionName(foreign)} is for weights that denoise, and ${weights} holds a network that enlarges: leave it out`,
    );
  return exportUpscaler(weights, model, { overwrite });
}
