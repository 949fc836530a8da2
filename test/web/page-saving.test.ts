import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../weights/files.js';
import { quickPage } from './built-page.js';
import { pages } from './chromium.js';
import { otherTabAtWork } from './other-tab.js';
import { writeNoisy } from './pictures.js';
import { namesInZip } from './zip.js';

const path = temporaryFolder();
const open = pages();
const built = quickPage();

test('what is taken out while all are saved is left out, before its turn and after it, and saving ends', async (context) => {
  const watched = await open(context, built);
  const { page, check } = watched;
  const buffer = await readFile(await writeNoisy(path));
  const named = (name: string) => ({ name, mimeType: 'image/png', buffer });
  const remove = (name: string) => page.getByRole('button', { name: `Remove this picture: ${name}` }).click();
  await page.setInputFiles('#file', named('a.png'));
  await page.locator('#save:enabled').waitFor();
  const { letGo } = await otherTabAtWork(watched);
  await page.setInputFiles('#file', ['b.png', 'c.png', 'd.png'].map(named));
  await page.click('#save-all');
  await page.getByText('Saving picture 2 of 4 …').waitFor();
  await remove('a.png');
  await remove('c.png');
  await remove('b.png');
  await page.getByText('Saving picture 4 of 4 …').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), letGo()]);
  const file = path('all.zip');
  await download.saveAs(file);
  expect(await namesInZip(file)).toEqual(['a-denoised.png', 'd-denoised.png']);
  await page.getByText('2 saved.').waitFor();
  expect(await page.locator('#save-all').isEnabled()).toBe(true);
  check();
}, 600_000);

test('a folder has whole files alone: of one that could not be written nothing stays', async (context) => {
  const { page, address, check } = await open(context, built, { serviceWorker: false });
  // A real folder, that of the page itself, in place of one that somebody chooses.
  await page.evaluate('showDirectoryPicker = () => navigator.storage.getDirectory()');
  const list = `(async () => {
    const found = [];
    for await (const [name, handle] of await navigator.storage.getDirectory())
      if (handle.kind === 'file') found.push(name + ' ' + ((await handle.getFile()).size > 1000));
    return found.sort();
  })()`;
  const buffer = await readFile(await writeNoisy(path));
  const files = ['a.png', 'b.png'].map((name) => ({ name, mimeType: 'image/png', buffer }));
  await page.setInputFiles('#file', files);
  await page.getByRole('button', { name: 'b.png, done' }).waitFor();
  await page.click('#save-folder');
  await page.getByText('2 saved.').waitFor();
  expect(await page.evaluate(list)).toEqual(['a-denoised.png true', 'b-denoised.png true']);

  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(address).origin, quotaSize: 1 });
  await page.click('#save-folder');
  await page.locator('#problem:not([hidden])').waitFor();
  expect(await page.evaluate(list)).toEqual(['a-denoised.png true', 'b-denoised.png true']);
  expect(await page.locator('#save-folder').isEnabled()).toBe(true);
  check();
}, 600_000);
