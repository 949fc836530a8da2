import { copyFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openDenoiser } from '#src/api/index.js';
import { readPicture } from '#src/images/index.js';
import { quantize } from '#src/pixels/index.js';
import { temporaryFolder } from '../weights/files.js';
import { builtPage } from './built-page.js';
import { pages } from './chromium.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = builtPage();

test('a graphics card that is lost gives way to WebAssembly: nothing is lost, and it says so', async (context) => {
  const { page, check } = await open(context, built, { graphics: true, search: '?engine=webgpu' });
  const file = await writeNoisy(path);
  await page.setInputFiles('#file', file);
  await page.getByText('Computed by the graphics card (WebGPU).').waitFor();
  // The process that drives the graphics card ends, as where a driver fails: while it computes, or has nothing to do.
  const session = await page.context().browser()?.newBrowserCDPSession();
  await session?.send('Browser.crashGpuProcess').catch(() => undefined);
  await copyFile(file, path('next.png'));
  await page.setInputFiles('#file', path('next.png'));
  await page.getByText(/^The graphics card was lost\. Computed by WebAssembly, with /).waitFor();
  await page.getByRole('button', { name: 'noisy.png, done' }).waitFor();
  const next = page.getByRole('button', { name: 'next.png, done' });
  await next.waitFor();
  await next.click();

  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  await download.saveAs(path('saved.png'));
  const saved = quantize(await readPicture(path('saved.png')), 8);
  await using denoiser = await openDenoiser({ device: 'cpu' });
  const { picture } = await denoiser.removal(file);
  const expected = quantize(picture, 8);
  const errors = saved.map((value, i) => Math.abs(value - (expected[i] ?? 0)));
  expect(Math.max(...errors)).toBeLessThanOrEqual(1);
  check();
}, 900_000);
