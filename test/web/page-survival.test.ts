import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../weights/files.js';
import { builtPage } from './built-page.js';
import { pages } from './chromium.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = builtPage();

/** Ends a worker by an error that nobody catches. */
async function endWorker(page: Page, program: RegExp): Promise<void> {
  const worker = page.workers().find((one) => program.test(one.url()));
  if (worker === undefined) throw new Error(`no worker of ${page.workers().map((one) => one.url())}`);
  await worker.evaluate("void setTimeout(() => { throw new Error('it was ended'); })");
}

test('a worker that ends loses nothing: what it held is made again, what was under way is tried once more', async (context) => {
  const { page } = await open(context, built, { isolated: false, serviceWorker: false });
  await page.setInputFiles('#file', await writeNoisy(path));
  await page.locator('#save:enabled').waitFor({ timeout: 240_000 });
  await endWorker(page, /\/worker-/);
  await page.locator('#problem:not([hidden])').waitFor();
  expect(await page.textContent('#problem-text')).toBe(
    'The part of the page that holds pictures ended unexpectedly; what was done is done again.',
  );
  await page.locator('#save:disabled').waitFor();
  await endWorker(page, /\/pictures-worker-/);
  await page.locator('#save:enabled').waitFor({ timeout: 240_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  expect(download.suggestedFilename()).toBe('noisy-denoised.png');
}, 600_000);
