import { join } from 'node:path';
import { build } from 'vite';
import { beforeAll } from 'vitest';
import { temporaryFolder } from '../weights/files.js';
import { root } from './chromium.js';

/** A page that has the library as `library`, built before the tests of a file; gives its folder. */
export function libraryPage(): () => string {
  const path = temporaryFolder();
  beforeAll(async () => {
    await build({
      configFile: join(root, 'web', 'vite.config.mjs'),
      root: join(root, 'test', 'web', 'library-page'),
      build: { outDir: path('library'), emptyOutDir: true },
      logLevel: 'warn',
    });
  }, 240_000);
  return () => path('library');
}
