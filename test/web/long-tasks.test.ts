import { expect, test } from 'vitest';
import { temporaryFolder } from '../weights/files.js';
import { builtPage } from './built-page.js';
import { pages } from './chromium.js';
import { longestTask } from './longest-task.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = builtPage();

test('from its beginning to the result the page is held for less than 50 ms at a time', async (context) => {
  const { page, check } = await open(context, built);
  const file = await writeNoisy(path);
  const { tasks, longest, long } = await longestTask(
    page,
    async () => {
      await page.reload();
      await page.setInputFiles('#file', file);
      await page.locator('#save:enabled').waitFor();
      await page.locator('#strength').fill('30');
      await page.click('#actual');
    },
    50,
  );
  expect(tasks).toBeGreaterThan(100);
  expect(longest).toBeGreaterThan(0);
  expect(long).toEqual([]);
  check();
}, 600_000);
