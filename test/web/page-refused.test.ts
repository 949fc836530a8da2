import { expect, test } from 'vitest';
import { temporaryFolder } from '../weights/files.js';
import { quickPage } from './built-page.js';
import { pages } from './chromium.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = quickPage();

/** What Chromium does to a page whose site may keep nothing: files, locks, service workers and the session's storage are refused. */
const refuseStorage = `(() => {
  const refused = () => new DOMException('The request was denied.', 'SecurityError');
  const refuse = async () => { throw refused(); };
  StorageManager.prototype.getDirectory = refuse;
  LockManager.prototype.request = refuse;
  LockManager.prototype.query = refuse;
  ServiceWorkerContainer.prototype.register = refuse;
  CacheStorage.prototype.open = refuse;
  for (const name of ['sessionStorage', 'localStorage'])
    Object.defineProperty(window, name, { get() { throw refused(); } });
})()`;

test('where the browser refuses storage the page works and learns all the same, and says what it cannot keep', async (context) => {
  const { page, address, check } = await open(context, built, { serviceWorker: false });
  await page.addInitScript(refuseStorage);
  await page.goto(address);
  await page.setInputFiles('#file', await writeNoisy(path));
  await page.locator('#save:enabled').waitFor();
  expect(await page.textContent('#problem-text')).toBe('');
  expect(await page.locator('#offline').isVisible()).toBe(false);
  await page.click('#learn-one');
  await page.getByText('The browser does not let the page keep it for another visit.').waitFor();
  await page.getByText(/^Step \d+/).waitFor();
  await page.click('#give-up');
  await page.locator('#learn-one').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  expect(download.suggestedFilename()).toBe('noisy-denoised.png');
  check();
}, 900_000);

test('a tab in the background, even a frozen one, goes on where it was, and loses nothing', async (context) => {
  const { page, check } = await open(context, built, { serviceWorker: false });
  const asked = page.context().waitForEvent('request', (request) => /\/general-/.test(request.url()));
  await page.setInputFiles('#file', [await writeNoisy(path), await writeNoisy(path, 0.05, 'next')]);
  await asked;
  const other = await page.context().newPage();
  await other.bringToFront();
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await other.evaluate('new Promise((resolve) => setTimeout(resolve, 2000))');
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  // It stays behind the other one.
  for (const name of ['noisy.png', 'next.png'])
    await page.locator(`[aria-label="${name}, done"]`).waitFor({ state: 'attached' });
  expect(await page.textContent('#problem-text')).toBe('');
  await page.bringToFront();
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  expect(download.suggestedFilename()).toBe('noisy-denoised.png');
  check();
}, 900_000);
