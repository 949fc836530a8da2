import type { AdaptingState } from '../../restore/anywhere.js';
import { pack, unpack } from './pack.js';
import { LEARNINGS, StoredFolder, type Unkept, whyUnkept } from './storage.js';

/** So many learnings are kept; of more, the oldest go. */
const MOST = 4;

/** Where a learning stands, kept for when its tab is closed. */
export interface KeptLearning {
  /** Where it stood; left out where nothing was kept. */
  readonly from?: AdaptingState;
  /** Keeps where it stands; where that is not possible, it is told once, and learning goes on without. */
  keep(state: AdaptingState): Promise<void>;
  /** Lets it go, as it came to an end. */
  drop(): Promise<void>;
}

/** What this library wrote is whole, and of the hash of its lesson: its parts need no look. */
function isState(value: unknown): value is AdaptingState {
  return typeof value === 'object' && value !== null && ('training' in value || 'processes' in value);
}

/**
 * Finds where a learning stands.
 *
 * @param hash of the lesson
 * @param unkept told once, where nothing can be kept
 */
export async function openKept(hash: string, unkept: (reason: Unkept) => void): Promise<KeptLearning> {
  const name = `${hash}.learning`;
  let folder: StoredFolder | undefined;
  const refuse = (error: unknown): void => {
    folder = undefined;
    unkept(whyUnkept(error));
  };
  const opened = await StoredFolder.open(LEARNINGS).catch(refuse);
  folder = opened ?? undefined;
  const bytes = await folder?.read(name);
  const state = bytes === undefined ? undefined : await unpack(bytes).catch(() => undefined);
  const others = (await folder?.names().catch(() => [])) ?? [];
  for (const old of others.filter((one) => one !== name).slice(MOST - 1)) await folder?.remove(old);
  return {
    ...(isState(state) ? { from: state } : {}),
    async keep(now) {
      if (folder === undefined) return;
      try {
        await folder.write(name, await pack(now));
      } catch (error) {
        refuse(error);
      }
    },
    async drop() {
      await opened?.remove(name);
    },
  };
}
