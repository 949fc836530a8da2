import { RevelaError } from '../../errors.js';

/** A picture that cannot be used, and why, in one line. */
export interface FailedPicture {
  readonly input: string;
  readonly message: string;
}

/** So many pictures take long enough to check that one wonders what happens. */
const worthTelling = 20;

/**
 * Checks items one by one. What is wrong with one of several is told, however they were named: a shell names each file of
 * a pattern.
 *
 * @throws RevelaError if all items are wrong
 */
export async function checkPictures<Item>(
  items: readonly Item[],
  inputOf: (item: Item) => string,
  check: (item: Item) => Promise<unknown>,
  how: { readonly tell: (line: string) => void; readonly signal: AbortSignal },
): Promise<{ good: readonly Item[]; failures: readonly FailedPicture[] }> {
  const good: Item[] = [];
  const failures: FailedPicture[] = [];
  if (items.length >= worthTelling) how.tell(`Checking ${items.length} pictures`);
  for (const item of items) {
    how.signal.throwIfAborted();
    try {
      await check(item);
      good.push(item);
    } catch (error) {
      const input = inputOf(item);
      if (!(error instanceof RevelaError) || items.length === 1) throw error;
      failures.push({ input, message: error.message });
      how.tell(`Left out: ${error.message}`);
    }
  }
  const [first] = failures;
  if (good.length === 0 && first !== undefined)
    throw new RevelaError(
      failures.length === 1
        ? first.message
        : `none of the ${failures.length} pictures can be used; the first: ${first.message}`,
    );
  return { good, failures };
}
