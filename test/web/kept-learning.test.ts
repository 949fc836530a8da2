import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { pages } from './chromium.js';
import { libraryPage } from './built-page.js';
import { noisyPicture, program } from './library-page.js';

const open = pages();
const built = libraryPage();

interface Learnt {
  readonly losses: Readonly<Record<number, number>>;
  readonly resumed: readonly number[];
  readonly unkept: readonly string[];
  /** Steps after which it was shown. */
  readonly previews: readonly number[];
  readonly bytes: number;
}

const settings = "weights: 'self-supervised', patch: 20, batch: 1, seed: 3, steps: 10_000";

/** Learns by SDAP, which begins at once; ends after so many steps of its own, with that one, or once nothing can be kept. */
const learning = (
  keep: boolean,
  end: { readonly own?: number; readonly step?: number; readonly unkept?: boolean },
): string =>
  program(
    noisyPicture(40, 32).image,
    `const [losses, resumed, unkept, previews, enough] = [{}, [], [], [], new AbortController()];
     const end = ${JSON.stringify(end)};
     const { weights } = await revela.adapt([image], {
       ...{ ${settings}, keep: ${keep} },
       finish: enough.signal,
       onStep: ({ step, loss }) => {
         losses[step] = loss;
         if (Object.keys(losses).length === end.own || step === end.step || (end.unkept && unkept.length > 0)) enough.abort();
       },
       onPreview: ({ step }) => previews.push(step),
       onResumed: (step) => resumed.push(step),
       onUnkept: (reason) => unkept.push(reason),
     });
     return { losses, resumed, unkept, previews, bytes: weights.length };`,
  );

/** Gives learning up: before it is asked, or while it waits for its turn. Gives the reason that it is told. */
const givenUp = (before: boolean): string =>
  program(
    noisyPicture(40, 32).image,
    `const stop = new AbortController();
     const giveUp = () => stop.abort(new Error('given up'));
     if (${before}) giveUp();
     const earlier = revela.denoise(image);
     const learning = revela.adapt([image], { ${settings}, keep: true, signal: stop.signal });
     giveUp();
     const reason = await learning.catch(({ message }) => message);
     await earlier;
     revela.close();
     return reason;`,
  );

/** The folder of where learnings stand, as `folder`, for a program in the page. */
const inFolder = (body: string): string => `(async () => {
  const root = await navigator.storage.getDirectory();
  const folder = await (await root.getDirectoryHandle('revela')).getDirectoryHandle('learning');
  ${body}
})()`;

/** Takes a copy of what is kept. */
const copyKept = inFolder(`for await (const [name, handle] of folder)
  if (name.endsWith('.learning')) globalThis.copy = { name, content: await (await handle.getFile()).arrayBuffer() };`);

const putBack =
  inFolder(`const stream = await (await folder.getFileHandle(copy.name, { create: true })).createWritable();
  await stream.write(copy.content);
  await stream.close();`);

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
  const { page, address, check } = await open(context, built);
  const another = async (): Promise<Page> => {
    const next = await page.context().newPage();
    await next.goto(address);
    return next;
  };
  const closed = await another();
  void closed.evaluate(learning(true, {})).catch(() => undefined);
  await expect.poll(() => kept(page), { timeout: 240_000 }).toHaveLength(1);
  await closed.close();
  await page.evaluate(copyKept);

  const next = await another();
  const after: Learnt = await next.evaluate(learning(true, { own: 3 }));
  const [step = 0] = after.resumed;
  expect(step).toBeGreaterThan(0);
  expect(after.previews[0], 'it is shown as it was kept').toBe(step);
  const steps = Object.keys(after.losses).map(Number);
  expect(steps.slice(0, 3)).toEqual([step + 1, step + 2, step + 3]);
  expect(await kept(page)).toEqual([]);
  const whole: Learnt = await next.evaluate(learning(true, { step: step + 3 }));
  expect(whole.resumed, 'what came to an end is not gone on with').toEqual([]);
  expect(whole.previews[0]).toBe(0);
  for (const at of steps.slice(0, 3)) expect(after.losses[at]).toBe(whole.losses[at]);

  for (const before of [true, false]) {
    await page.evaluate(putBack);
    expect(await kept(page)).toHaveLength(1);
    expect(await page.evaluate(givenUp(before))).toBe('given up');
    expect(await kept(page), 'given up before it was opened').toEqual([]);
  }
  check();
});

test('where there is no room learning goes on without, and says so', {
  timeout: 600_000,
}, async (context) => {
  const { page, address, check } = await open(context, built);
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(address).origin, quotaSize: 1 });
  const { unkept, bytes }: Learnt = await page.evaluate(learning(true, { unkept: true }));
  expect(bytes).toBeGreaterThan(100_000);
  expect(unkept).toEqual(['full']);
  expect(await kept(page)).toEqual([]);
  check();
});
