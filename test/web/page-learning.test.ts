import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../weights/files.js';
import { findings } from './axe.js';
import { pages, root } from './chromium.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = join(root, 'build', 'web');

beforeAll(async () => {
  await build({ configFile: join(root, 'web', 'vite.config.mjs'), logLevel: 'warn' });
}, 240_000);

test('a page learns from a picture, shows how far it is, and keeps the best when it is stopped; weights come from a file', async (context) => {
  const { page, check } = await open(context, built);
  const buffer = await readFile(await writeNoisy(path));
  await page.setInputFiles('#file', { name: 'a.png', mimeType: 'image/png', buffer });
  await page.click('#learn-one');
  await page.getByText(/^Step \d+, about \d+ (?:sec|min) left$/).waitFor({ timeout: 240_000 });
  expect(await findings(page), 'while it learns').toEqual([]);
  expect(await page.evaluate('sample.width'), 'a part of the picture is shown').toBeGreaterThan(1);
  expect(Number(await page.getAttribute('#ring', 'aria-valuenow'))).toBeGreaterThan(9);
  expect(await page.getAttribute('#curve', 'points')).toMatch(/^[\d., ]+$/);
  await page.click('#keep-best');
  await page.getByText(/^(?:Learnt in|After) \d+ steps/).waitFor({ timeout: 240_000 });
  // What was under way goes on, by the weights that are best.
  await page.locator('#save:enabled').waitFor({ timeout: 240_000 });

  await page.setInputFiles('#weights', join(root, 'models', 'sdap-dbsnl-32x3.safetensors'));
  await page.getByText('Denoised by the weights of sdap-dbsnl-32x3.safetensors.').waitFor();
  await page.locator('#save:disabled').waitFor();
  await page.locator('#save:enabled, #problem:not([hidden])').first().waitFor({ timeout: 240_000 });
  expect(await page.textContent('#problem-text')).toBe('');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-weights')]);
  expect(download.suggestedFilename()).toBe('revela-weights.safetensors');
  check();
}, 900_000);
