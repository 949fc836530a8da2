import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { pages } from './chromium.js';
import { libraryPage, noisyPicture, program } from './library-page.js';

const open = pages();
const built = libraryPage();

interface Learnt {
  readonly losses: Readonly<Record<number, number>>;
  readonly resumed: readonly number[];
  readonly unkept: readonly string[];
  readonly bytes: number;
}

/** Learns by SDAP, which begins at once; ends after so many steps of its own, with that one, or once nothing can be kept. */
const learning = (
  keep: boolean,
  end: { readonly own?: number; readonly step?: number; readonly unkept?: boolean },
): string =>
  program(
    noisyPicture(40, 32).image,
    `const [losses, resumed, unkept, enough] = [{}, [], [], new AbortController()];
     const end = ${JSON.stringify(end)};
     const { weights } = await revela.adapt([image], {
       ...{ weights: 'self-supervised', patch: 20, batch: 1, seed: 3, steps: 10_000, keep: ${keep} },
       finish: enough.signal,
       onStep: ({ step, loss }) => {
         losses[step] = loss;
         if (Object.keys(losses).length === end.own || step === end.step || (end.unkept && unkept.length > 0)) enough.abort();
       },
       onResumed: (step) => resumed.push(step),
       onUnkept: (reason) => unkept.push(reason),
     });
     return { losses, resumed, unkept, bytes: weights.length };`,
  );

/** The files that are kept, with their sizes. */
const kept = (page: Page): Promise<string[]> =>
  page.evaluate(`(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('revela')
      .then((inside) => inside.getDirectoryHandle('learning')).catch(() => undefined);
    if (folder === undefined) return [];
    const names = [];
    for await (const [name, handle] of folder) if ((await handle.getFile()).size > 0) names.push(name);
    return names.filter((name) => !name.endsWith('.crswap'));
  })()`);

test('learning goes on after its tab was closed, to the same numbers, and is kept no longer than it lasts', {
  timeout: 600_000,
}, async (context) => {
  const { page, address, check } = await open(context, built());
  const another = async (): Promise<Page> => {
    const next = await page.context().newPage();
    await next.goto(address);
    return next;
  };
  const closed = await another();
  void closed.evaluate(learning(true, {})).catch(() => undefined);
  await expect.poll(() => kept(page), { timeout: 240_000 }).toHaveLength(1);
  await closed.close();

  const next = await another();
  const after: Learnt = await next.evaluate(learning(true, { own: 3 }));
  const [step = 0] = after.resumed;
  expect(step).toBeGreaterThan(0);
  const steps = Object.keys(after.losses).map(Number);
  expect(steps.slice(0, 3)).toEqual([step + 1, step + 2, step + 3]);
  expect(await kept(page)).toEqual([]);
  const whole: Learnt = await next.evaluate(learning(true, { step: step + 3 }));
  expect(whole.resumed, 'what came to an end is not gone on with').toEqual([]);
  for (const at of steps.slice(0, 3)) expect(after.losses[at]).toBe(whole.losses[at]);
  check();
});

test('where there is no room learning goes on without, and says so', {
  timeout: 300_000,
}, async (context) => {
  const { page, address, check } = await open(context, built());
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(address).origin, quotaSize: 1 });
  const { unkept, bytes }: Learnt = await page.evaluate(learning(true, { unkept: true }));
  expect(bytes).toBeGreaterThan(100_000);
  expect(unkept).toEqual(['full']);
  expect(await kept(page)).toEqual([]);
  check();
});
