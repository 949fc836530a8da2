import { readdir, readFile } from 'node:fs/promises';
import { until } from '../until.js';

/** Processes that stand still until they are let go on. */
export interface Frozen {
  goOn(): void;
}

/**
 * Freezes the processes that this one starts from now on: what a fleet's worker works on then takes as long as a test needs, on a machine
 * that is fast and on one that has other things to do.
 *
 * @returns waits for the first of them, and freezes what is there by then
 */
export async function freezer(): Promise<() => Promise<Frozen>> {
  const before = await childProcesses();
  return async () => {
    let held: readonly number[] = [];
    await until(async () => {
      held = (await childProcesses()).filter((pid) => !before.includes(pid));
      return held.length > 0;
    });
    for (const pid of held) process.kill(pid, 'SIGSTOP');
    return {
      goOn() {
        for (const pid of held) process.kill(pid, 'SIGCONT');
      },
    };
  };
}

/** The processes that this one started. */
async function childProcesses(): Promise<readonly number[]> {
  const threads = await readdir('/proc/self/task');
  const texts = threads.map((thread) =>
    readFile(`/proc/self/task/${thread}/children`, 'utf8').catch(() => ''),
  );
  return (await Promise.all(texts)).flatMap((text) => text.split(' ').filter(Boolean).map(Number));
}
