import type { Executable } from '../runtime/index.js';

/** Programs that are ready under a key, such as the size of what they are for. */
export interface RecentPrograms {
  /** The program of that key, which is made where it is not ready; the one used longest ago goes where there are too many. */
  of(key: string, make: () => Promise<Executable>): Promise<Executable>;
  close(): Promise<void>;
}

/**
 * Keeps the programs that were used last: pictures of a few sizes come one after another, and a program holds memory.
 *
 * @param most how many stay ready
 */
export function recentPrograms(most: number): RecentPrograms {
  const ready = new Map<string, Promise<Executable>>();
  return {
    async of(key, make) {
      const program = ready.get(key) ?? make();
      // The one used last stands last.
      ready.delete(key);
      ready.set(key, program);
      // A program that could not be loaded is not kept.
      program.catch(() => ready.delete(key));
      const [oldest] = ready;
      if (ready.size > most && oldest !== undefined) {
        ready.delete(oldest[0]);
        await (await oldest[1]).release();
      }
      return program;
    },
    async close() {
      for (const program of ready.values()) await (await program).release();
      ready.clear();
    },
  };
}
