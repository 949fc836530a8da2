import { withLock } from './with-lock.js';

/** What a tab holds while it works. */
const LOCK = 'revela at work';

/** Milliseconds that a wait lasts before it is told. */
const SHORT = 500;

/** How much of this tab's own work holds the lock. */
let own = 0;

/** Whether another tab works; this tab's own work ends soon. */
async function isAnotherAtWork(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query().catch(() => ({ held: [] }));
  return own === 0 && held.some(({ name }) => name === LOCK);
}

/**
 * Works once no other tab does: two at once would share one machine's memory.
 *
 * @param signal ends the wait; the work itself hears it by its own means
 * @param onOtherTab another tab works; `false` once this one does, or waits no longer
 * @throws the signal's reason, where it came before the turn; what the work throws
 */
export async function inTurn(
  work: () => Promise<void>,
  signal: AbortSignal,
  onOtherTab: (waits: boolean) => void,
): Promise<void> {
  let waits = false;
  const tell = (waiting: boolean): void => {
    if (waits === waiting) return;
    waits = waiting;
    onOtherTab(waits);
  };
  let waiting = true;
  const look = async (): Promise<void> => {
    const another = await isAnotherAtWork();
    if (waiting) tell(another);
  };
  const looking = setInterval(() => void look(), SHORT);
  const begun = (): void => {
    waiting = false;
    clearInterval(looking);
    tell(false);
  };
  const begin = async (): Promise<void> => {
    begun();
    own += 1;
    try {
      await work();
    } finally {
      own -= 1;
    }
  };
  try {
    await withLock(LOCK, begin, signal);
  } finally {
    begun();
  }
}
