import { appendFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../weights/files.js';
import { quickPage } from './built-page.js';
import { pages } from './chromium.js';
import { keptFiles, leaveInterrupted, looked, offered } from './kept-files.js';
import { otherTabAtWork } from './other-tab.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = quickPage();
const otherTab = 'Another tab is at work; this one waits for its turn.';

test('an old offer neither discards nor goes on with what another tab is at, or has let go', async (context) => {
  const watched = await open(context, built, { serviceWorker: false });
  const { page, address, check } = watched;
  await leaveInterrupted(page, await writeNoisy(path, 0.07, 'left'));
  await page.reload();
  await offered(page);
  const left = await keptFiles(page);
  expect(left).toHaveLength(3);
  const { letGo } = await otherTabAtWork(watched, 'revela learning');
  await page.click('#discard');
  await looked(page);
  expect(await page.locator('#interrupted').isVisible()).toBe(false);
  expect(await keptFiles(page)).toEqual(left);
  await letGo();

  await offered(page);
  const second = await page.context().newPage();
  await second.goto(address);
  await offered(second);
  await second.click('#discard');
  await expect.poll(() => keptFiles(page), { timeout: 240_000 }).toEqual([]);
  await page.click('#go-on');
  await looked(page);
  expect(await page.locator('#interrupted').isVisible()).toBe(false);
  expect(await page.locator('.frame').count(), 'nothing is taken').toBe(0);
  check();
}, 600_000);

test('what a tab was at that is closed is offered at once where another is open', async (context) => {
  const watched = await open(context, built, { serviceWorker: false });
  const { page, check } = watched;
  await leaveInterrupted(page, await writeNoisy(path, 0.07, 'left'));
  const { close } = await otherTabAtWork(watched, 'revela learning');
  await page.reload();
  await looked(page);
  expect(await page.locator('#interrupted').isVisible()).toBe(false);
  await close();
  await offered(page);
  check();
}, 600_000);

test('an interrupted learning stays until another is kept; given up before its turn it goes whole', async (context) => {
  const watched = await open(context, built, { serviceWorker: false });
  const { page, address, check } = watched;
  await leaveInterrupted(page, await writeNoisy(path, 0.07, 'left'));
  await page.reload();
  await offered(page);
  const left = await keptFiles(page);

  const { letGo } = await otherTabAtWork(watched);
  const changed = await writeNoisy(path, 0.07, 'changed');
  await page.setInputFiles('#file', changed);
  await page.locator('.frame canvas[width="144"]').waitFor();
  await page.click('#learn-one');
  await appendFile(changed, 'more');
  await letGo();
  await page.getByRole('button', { name: 'changed.png, failed' }).waitFor();
  await offered(page);
  expect(await keptFiles(page), 'nothing could be learnt from').toEqual(left);

  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(address);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await page.setInputFiles('#file', await writeNoisy(path, 0.06, 'unkept'));
  await page.getByRole('button', { name: /^unkept\.png, / }).click();
  await page.click('#learn-one');
  await page.getByText('The browser has no room to keep it for another visit.').waitFor();
  await page.click('#give-up');
  await offered(page);
  expect(await keptFiles(page), 'nothing could be kept').toEqual(left);
  await session.send('Storage.overrideQuotaForOrigin', { origin });

  await otherTabAtWork(watched);
  await page.click('#go-on');
  await expect.poll(() => page.textContent('#learnt'), { timeout: 240_000 }).toBe(otherTab);
  await page.click('#give-up');
  await expect.poll(() => keptFiles(page), { timeout: 240_000 }).toEqual([]);
  check();
}, 900_000);
