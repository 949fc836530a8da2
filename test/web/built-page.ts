import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll } from 'vitest';
import { root } from './chromium.js';

/** Builds the page (`web/`) for the tests of a file, into a folder of its own: files run beside each other, and a build empties its folder. */
export function builtPage(): string {
  const folder = join(root, 'build', `web-${process.pid}`);
  beforeAll(async () => {
    const configFile = join(root, 'web', 'vite.config.mjs');
    await build({ configFile, logLevel: 'warn', build: { outDir: folder } });
  }, 240_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
