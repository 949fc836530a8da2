import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../weights/files.js';
import { quickPage } from './built-page.js';
import { pages } from './chromium.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = quickPage();

/** Ends a worker by an error that nobody catches. */
async function endWorker(page: Page, program: RegExp): Promise<void> {
  const worker = page.workers().find((one) => program.test(one.url()));
  if (worker === undefined) throw new Error(`no worker of ${page.workers().map((one) => one.url())}`);
  await worker.evaluate("void setTimeout(() => { throw new Error('it was ended'); })");
}

/** Takes a picture, and resolves as what works on it waits for weights that never come. */
async function beginAndWait(page: Page, file: string): Promise<void> {
  await page.route('**/general-*.safetensors', () => undefined, { times: 1 });
  const asked = page.context().waitForEvent('request', (request) => /\/general-/.test(request.url()));
  await page.setInputFiles('#file', file);
  await asked;
}

test('a worker that ends loses nothing: what it held is made again, what was under way is tried once more', async (context) => {
  const { page } = await open(context, built, { isolated: false, serviceWorker: false });
  const file = await writeNoisy(path);
  await beginAndWait(page, file);
  await endWorker(page, /\/pictures-worker-/);
  await page.locator('#save:enabled').waitFor();

  await endWorker(page, /\/worker-/);
  await page.locator('#problem:not([hidden])').waitFor();
  expect(await page.textContent('#problem-text')).toBe(
    'The part of the page that holds pictures ended unexpectedly; what was done is done again.',
  );
  await page.locator('#save:enabled').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  expect(download.suggestedFilename()).toBe('noisy-denoised.png');
}, 600_000);

test('where what computes ends the worker for pictures stays, and goes on with another', async (context) => {
  const { page, check } = await open(context, built, { isolated: false, serviceWorker: false });
  await page.setInputFiles('#file', await writeNoisy(path));
  await page.locator('#save:enabled').waitFor();
  const pictures = page.workers().find((one) => /\/pictures-worker-/.test(one.url()));
  await endWorker(page, /\/engine-worker-/);
  await page.setInputFiles('#file', await writeNoisy(path, 0.07, 'next'));
  await page.getByRole('button', { name: 'next.png, done' }).waitFor();
  expect(await page.textContent('#engine')).toMatch(
    /^What computes ended unexpectedly, and was begun again\. Computed by WebAssembly, with one thread/,
  );
  expect(pictures).toBeDefined();
  expect(page.workers()).toContain(pictures);
  // The page heard of no error.
  check();
}, 600_000);

test('what computes is begun again where its files could not be fetched', async (context) => {
  const { page, check } = await open(context, built, { isolated: false, serviceWorker: false });
  await page.context().route('**/ort-*.mjs', (route) => route.abort(), { times: 1 });
  await page.setInputFiles('#file', await writeNoisy(path));
  await page.locator('#save:enabled').waitFor();
  expect(await page.textContent('#engine')).toMatch(
    /^What computes ended unexpectedly, and was begun again\./,
  );
  expect(await page.textContent('#problem-text')).toBe('');
  check();
}, 600_000);
