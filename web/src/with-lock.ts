/**
 * Works while this tab alone holds a lock; without it where the browser has none, or refuses them, as it does where it gives a page no storage.
 *
 * @param signal ends the wait; the work itself hears it by its own means
 * @throws the signal's reason, where it came before the turn; what the work throws
 */
export async function withLock(name: string, work: () => Promise<void>, signal?: AbortSignal): Promise<void> {
  let begun = false;
  const begin = async (): Promise<void> => {
    begun = true;
    await work();
  };
  if (!('locks' in navigator)) return begin();
  try {
    await navigator.locks.request(name, signal === undefined ? {} : { signal }, begin);
  } catch (error) {
    if (begun || signal?.aborted === true) throw error;
    await begin();
  }
}
