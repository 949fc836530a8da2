import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fastPreset, onePass, registerGiven } from '../denoise/index.js';
import { RevelaError } from '../errors.js';
import { openRegular } from '../regular-file.js';
import * as nn from '../nn/index.js';
import * as tensor from '../tensor/index.js';

/** What a plug-in is handed: it need not find the package to be made of it. */
export const plugInTools = { ...tensor, ...nn, fastPreset, onePass };

/**
 * Loads a file of JavaScript that brings methods: its default export is a method, a list of them, or a function that makes either of
 * what it is given, which is what `revela/engine` has to write them with. The file is run as any program is: load only what you trust.
 *
 * @throws RevelaError, one line that names the file, if it cannot be read or run, or brings no method
 *
 * @example
 * await loadPlugIn('mine.js');
 * await trainDenoiser({ method: 'mine', pictures: ['photos/'], output: 'runs/mine' });
 */
export async function loadPlugIn(path: string): Promise<void> {
  const failed = (error: unknown): RevelaError =>
    new RevelaError(`the plug-in ${path} failed: ${error instanceof Error ? error.message : String(error)}`, {
      path,
      cause: error,
    });
  const { handle } = await openRegular(path);
  await handle.close();
  try {
    const { default: brought }: { readonly default?: unknown } = await import(
      pathToFileURL(resolve(path)).href
    );
    const made: unknown = typeof brought === 'function' ? await brought(plugInTools) : brought;
    const methods: readonly unknown[] = Array.isArray(made) ? made : [made];
    if (made === undefined || methods.length === 0)
      throw new RevelaError(
        'its default export is no method, no list of them, and no function that makes them',
      );
    for (const method of methods) registerGiven(method);
  } catch (error) {
    throw failed(error);
  }
}
