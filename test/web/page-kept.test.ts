import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../weights/files.js';
import { builtPage } from './built-page.js';
import { pages } from './chromium.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = builtPage();

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The hashes by which the service worker keeps files. */
const keptHashes = (page: Page): Promise<string[]> =>
  page.evaluate(`(async () => {
    const kept = await (await caches.open('revela files by content')).keys();
    return kept.map(({ url }) => url.replace(/.*\\//, ''));
  })()`);

const general = 'engine/general-resunet-32x1.safetensors';
const small = 'engine/niqe-photos.safetensors';

test('what work needs is kept by its content: a new version fetches only what has changed, and lets the old go', async (context) => {
  const folder = path('page');
  await cp(built, folder, { recursive: true });
  const { page, address, check } = await open(context, folder);
  const asked: string[] = [];
  page.context().on('request', (request) => asked.push(request.url().replace(address, '')));
  await page.setInputFiles('#file', await writeNoisy(path));
  await page.getByText('Works offline.').waitFor();
  const [weights, niqe] = [await readFile(`${folder}/${general}`), await readFile(`${folder}/${small}`)];
  expect(await keptHashes(page)).toEqual(expect.arrayContaining([sha256(weights), sha256(niqe)]));
  expect(asked).toContain(general);

  const changed = Buffer.concat([niqe, Buffer.from(' ')]);
  await writeFile(`${folder}/${small}`, changed);
  const worker = await readFile(`${folder}/service-worker.js`, 'utf8');
  expect(worker).toContain(sha256(niqe));
  await writeFile(`${folder}/service-worker.js`, worker.replaceAll(sha256(niqe), sha256(changed)));
  asked.length = 0;
  await page.reload();
  await page.locator('#update').click();
  await expect.poll(() => keptHashes(page), { timeout: 240_000 }).not.toContain(sha256(niqe));
  expect(await keptHashes(page)).toContain(sha256(weights));
  await page.getByText('Make it work offline').click();
  await page.getByText('Works offline.').waitFor();
  expect(await keptHashes(page)).toContain(sha256(changed));
  expect(asked.filter((file) => file.startsWith('engine/'))).toEqual([small]);

  // What a server has that is something else than this version's is not kept.
  await page.evaluate(`(async () => {
    const cache = await caches.open('revela files by content');
    for (const request of await cache.keys()) if (request.url.endsWith('${sha256(changed)}')) await cache.delete(request);
  })()`);
  await writeFile(`${folder}/${small}`, niqe);
  expect(
    await page.evaluate(
      `fetch('${small}').then((response) => response.arrayBuffer()).then(({ byteLength }) => byteLength)`,
    ),
  ).toBe(niqe.length);
  await page.reload();
  await page.getByText('Make it work offline').click();
  await page.getByText('It could not be kept for offline use.').waitFor();
  expect(await keptHashes(page)).not.toContain(sha256(niqe));
  check();
}, 600_000);

test('where the browser has no room the page says so in a sentence, and works', async (context) => {
  const { page, address, check } = await open(context, built);
  await page.getByText('Make it work offline').waitFor();
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(address);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 2 ** 20 });
  await page.getByText('Make it work offline').click();
  await page.getByText('The browser has no room to keep it for offline use.').waitFor();
  await page.setInputFiles('#file', await writeNoisy(path));
  await page.locator('#save:enabled').waitFor();
  check();
}, 600_000);
