import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../weights/files.js';
import { findings } from './axe.js';
import { quickPage } from './built-page.js';
import { pages, root } from './chromium.js';
import { keptAt, keptFiles, looked, offered } from './kept-files.js';
import { otherTabAtWork } from './other-tab.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = quickPage();

test('a page learns from a picture, shows how far it is, and keeps the best when it is stopped; weights come from a file', async (context) => {
  const { page, check } = await open(context, built);
  const buffer = await readFile(await writeNoisy(path));
  await page.setInputFiles('#file', { name: 'a.png', mimeType: 'image/png', buffer });
  await page.click('#learn-one');
  await page.getByText(/^Step \d+, about \d+ (?:sec|min) left$/).waitFor();
  expect(await findings(page), 'while it learns').toEqual([]);
  const size = page.viewportSize() ?? { width: 1280, height: 720 };
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate('document.documentElement.scrollWidth'), 'nothing sticks out').toBe(360);
  await page.setViewportSize(size);
  expect(await page.evaluate('sample.width'), 'a part of the picture is shown').toBeGreaterThan(1);
  expect(Number(await page.getAttribute('#ring', 'aria-valuenow'))).toBeGreaterThan(9);
  expect(await page.getAttribute('#curve', 'points')).toMatch(/^[\d., ]+$/);
  await page.click('#keep-best');
  await page.getByText(/^(?:Learnt in|After) \d+ steps/).waitFor();
  // What was under way goes on, by the weights that are best.
  await page.locator('#save:enabled').waitFor();

  await page.setInputFiles('#weights', join(root, 'models', 'sdap-dbsnl-32x3.safetensors'));
  await page.getByText('Denoised by the weights of sdap-dbsnl-32x3.safetensors.').waitFor();
  await page.locator('#save:enabled, #problem:not([hidden])').first().waitFor();
  expect(await page.textContent('#problem-text')).toBe('');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-weights')]);
  expect(download.suggestedFilename()).toBe('revela-weights.safetensors');
  check();
}, 900_000);

test('learning can be given up while another tab works; meanwhile nothing else is begun; a file that has changed is left out', async (context) => {
  const watched = await open(context, built);
  const { page, check } = watched;
  const { letGo } = await otherTabAtWork(watched);
  const files = [await writeNoisy(path, 0.07, 'first'), await writeNoisy(path, 0.07, 'second')];
  await page.setInputFiles('#file', files);
  // Looked at, and not yet opened.
  await page.locator('.frame canvas[width="144"]').nth(1).waitFor();
  await page.click('#learn-all');
  const tell = 'Another tab is at work; this one waits for its turn.';
  await expect.poll(() => page.textContent('#learnt'), { timeout: 240_000 }).toBe(tell);
  await page.setInputFiles('#file', await writeNoisy(path, 0.07, 'third'));
  await page.getByRole('button', { name: 'third.png, waiting' }).waitFor();
  await page.click('#give-up');
  await page.locator('#learn-all').waitFor();
  await page.getByRole('button', { name: 'third.png, at work' }).waitFor();

  await page.click('#learn-all');
  await appendFile(files[1] ?? '', 'more');
  await letGo();
  await page.getByRole('button', { name: 'second.png, failed' }).waitFor();
  await page.click('#give-up');
  await page.getByRole('button', { name: 'second.png, failed' }).click();
  expect(await page.textContent('#problem-text')).toBe(
    'second.png cannot be read: it may have been moved or changed after it was chosen.',
  );
  await page.click('#copy');
  const details = await page.evaluate('navigator.clipboard.readText()');
  expect(details).toMatch(/picture 2: /);
  expect(details).not.toMatch(/(?:first|second|third)\.png/);
  check();
}, 900_000);

test('learning whose tab was closed is offered at the next visit, with its pictures, and goes on', async (context) => {
  const { page, address, check } = await open(context, built);
  const first = await page.context().newPage();
  await first.goto(address);
  await first.setInputFiles('#file', await writeNoisy(path, 0.07, 'closed'));
  await first.click('#learn-one');
  await first.getByText(/^Step \d+/).waitFor();
  const [, seen] = /^Step (\d+)/.exec((await first.textContent('#learnt')) ?? '') ?? [];
  // Another tab offers nothing while one is at it.
  await page.reload();
  await looked(page);
  expect(await page.locator('#interrupted').isVisible()).toBe(false);
  // What is being written may be older than what was seen; what comes after it is not.
  for (let times = 0; times < 2; times++) {
    const before = await keptAt(page);
    await expect.poll(() => keptAt(page), { timeout: 240_000 }).toBeGreaterThan(before);
  }
  expect(await keptFiles(page)).toEqual(expect.arrayContaining(['.json', '.learning']));
  await first.close();

  await offered(page);
  await page.reload();
  await offered(page);
  expect(await findings(page), 'offered').toEqual([]);
  await page.evaluate(`(() => {
    globalThis.told = [];
    new MutationObserver(() => told.push(learnt.textContent)).observe(learnt, { childList: true });
  })()`);
  await page.click('#go-on');
  await page.getByRole('button', { name: 'closed.png, waiting' }).waitFor();
  await page.getByText(/^Step \d+/).waitFor();
  const told: string[] = await page.evaluate('told');
  const steps = told.flatMap((words) => /^Step (\d+)/.exec(words)?.[1] ?? []).map(Number);
  expect(steps[0], 'it goes on after what was kept').toBeGreaterThan(Number(seen));
  await page.click('#give-up');
  await page.locator('#learn-one').waitFor();
  await expect.poll(() => keptFiles(page), { timeout: 240_000 }).toEqual([]);
  check();
}, 1_200_000);
