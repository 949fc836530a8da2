import { join } from 'node:path';
import { build } from 'vite';
import { beforeAll } from 'vitest';
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

/** A page that has the library as `library`. */
export const libraryPage = (): string => built('library-page', join('test', 'web', 'library-page'));

/** A page that has the engine's answers as `answers`. */
export const enginePage = (): string => built('engine-page', join('test', 'web', 'engine-page'));
