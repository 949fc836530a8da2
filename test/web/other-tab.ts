import type { WatchedPage } from './chromium.js';

/**
 * A second tab that is at work until it is told to let go.
 *
 * @param lock what it holds meanwhile
 */
export async function otherTabAtWork(
  { page, address }: WatchedPage,
  lock: 'revela at work' | 'revela learning' = 'revela at work',
): Promise<{ letGo(): Promise<void>; close(): Promise<void> }> {
  const other = await page.context().newPage();
  await other.goto(address);
  await other.evaluate(
    `new Promise((held) => navigator.locks.request('${lock}', () => {
      held();
      return new Promise((resolve) => { globalThis.letGo = resolve; });
    }))`,
  );
  return { letGo: () => other.evaluate('letGo()'), close: () => other.close() };
}
