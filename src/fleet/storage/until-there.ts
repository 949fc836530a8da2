import { setTimeout as wait } from 'node:timers/promises';
import { RevelaError } from '../../errors.js';
import { StorageAway } from './storage.js';

/** How a storage is waited for. */
export interface Patience {
  /** Hears once of each thing that is waited for. */
  readonly tell?: ((line: string) => void) | undefined;
  /** Stops waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until it is asked again; default 5000. */
  readonly patience?: number | undefined;
}

/**
 * Asks a storage until it is there and has space.
 *
 * @throws whatever else it fails of; what the signal says
 *
 * @example
 * await untilThere(() => storage.put('runs/garden/rounds/a.safetensors', content), { tell, signal });
 */
export async function untilThere<Found>(
  ask: () => Promise<Found>,
  { tell, signal, patience = 5000 }: Patience,
): Promise<Found> {
  for (let told = ''; ; ) {
    signal?.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      const line = waitedFor(error);
      if (line === undefined) throw error;
      if (line !== told) tell?.(line);
      told = line;
    }
    await wait(patience, undefined, { signal });
  }
}

/** What is waited for after an error, in words; `undefined` where waiting does not help. */
function waitedFor(error: unknown): string | undefined {
  if (!(error instanceof RevelaError)) return undefined;
  if (error.code === 'ERR_DISK_FULL') return `${error.message}; waiting until there is space`;
  return error instanceof StorageAway ? `${error.message}; waiting for it` : undefined;
}
