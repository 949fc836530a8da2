import { exportDenoiser } from '../library/index.js';
import type { Context } from './context.js';
import type { ExportFlags } from './export-command.js';
import { openScreen } from './screen.js';
import { sizeText } from './wording.js';

/** Does what `revela export` promises; returns the exit code. */
export async function runExport(
  weights: string,
  model: string,
  { json = false, ...options }: ExportFlags,
  context: Context,
): Promise<number> {
  const screen = openScreen(context, json);
  const { path, bytes, card } = await exportDenoiser(weights, model, options);
  screen.written(weights, path);
  screen.done(`Wrote ${sizeText(bytes)}; revela info ${path} shows how it is called`, {
    model: path,
    bytes,
    card,
  });
  return 0;
}
