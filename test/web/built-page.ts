import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { beforeAll } from 'vitest';
import { saveDenoiserWeights } from '#src/api/index.js';
import { architectures } from '#src/networks/index.js';
import { declareParameters, initialiseParameters } from '#src/nn/index.js';
import { oncePerRun, sharedFolder } from '../once-per-run.js';
import { root } from './chromium.js';

const configFile = join(root, 'web', 'vite.config.mjs');

/** Builds the page (`web/`), or one of those in `test/web`, for all files of a run; gives its folder. */
function built(name: string, source: string): string {
  const fill = (outDir: string) =>
    build({ configFile, root: join(root, source), logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  beforeAll(() => oncePerRun(name, fill), 240_000);
  return sharedFolder(name);
}

/** The page that users have. */
export const builtPage = (): string => built('page', 'web');

/** Writes general weights of the shipped kind, so narrow that they learn in a page at once. */
async function saveNarrowWeights(file: string): Promise<void> {
  const description = architectures['resunet']?.ofSize({ baseChannels: 4, modules: 1 });
  if (description === undefined) throw new Error('there is no resunet');
  await saveDenoiserWeights(file, {
    ...{ method: 'supervised', description, record: { steps: 1 }, licence: 'CC0-1.0' },
    parameters: initialiseParameters(declareParameters(description.network, [1, 3, 64, 64]), 7),
  });
}

/**
 * The page that users have, but for its general weights: a network of the same kind with 4 channels instead of 32. The page does the
 * same with it, in a fraction of the time: for tests of what the page does while it learns, and not of what comes of it.
 */
export function quickPage(): string {
  const page = builtPage();
  const weights = join('engine', 'general-resunet-32x1.safetensors');
  const fill = async (folder: string): Promise<void> => {
    await cp(page, folder, { recursive: true });
    const hash = async () =>
      createHash('sha256')
        .update(await readFile(join(folder, weights)))
        .digest('hex');
    const before = await hash();
    await saveNarrowWeights(join(folder, weights));
    const worker = join(folder, 'service-worker.js');
    const text = await readFile(worker, 'utf8');
    if (!text.includes(before)) throw new Error('the service worker does not know the general weights');
    await writeFile(worker, text.replaceAll(before, await hash()));
  };
  beforeAll(() => oncePerRun('quick-page', fill), 240_000);
  return sharedFolder('quick-page');
}

/** A page that has the library as `library`. */
export const libraryPage = (): string => built('library-page', join('test', 'web', 'library-page'));

/** A page that has the engine's answers as `answers`. */
export const enginePage = (): string => built('engine-page', join('test', 'web', 'engine-page'));
