import { rm } from 'node:fs/promises';
import { runFolder } from './once-per-run.js';

/** Vitest's own process calls this when the run is over. */
export async function teardown(): Promise<void> {
  await rm(runFolder(process.pid), { recursive: true, force: true });
}
