/** What a tab holds while it works. */
const LOCK = 'revela at work';

/** Milliseconds that a wait lasts before it is told. */
const SHORT = 500;

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
  const told = setTimeout(() => onOtherTab(true), SHORT);
  const begun = (): void => {
    clearTimeout(told);
    onOtherTab(false);
  };
  const begin = (): Promise<void> => {
    begun();
    return work();
  };
  try {
    if ('locks' in navigator) await navigator.locks.request(LOCK, { signal }, begin);
    else await begin();
  } finally {
    begun();
  }
}
