import { rm } from 'node:fs/promises';
import { runFolder } from './once-per-run.js';

/** Vitest's own process calls this before the run: one that was killed may have left something under the same number. */
export async function setup(): Promise<void> {
  await rm(runFolder(process.pid), { recursive: true, force: true });
}

/** And this when the run is over. */
export async function teardown(): Promise<void> {
  await rm(runFolder(process.pid), { recursive: true, force: true });
}
