import sharp from 'sharp';
import { expect, test } from 'vitest';
import { builtPage } from './built-page.js';
import { pages } from './chromium.js';

const open = pages();
const built = builtPage();

/** A file of so many pixels; noise makes it large, a colour does not. */
async function fileOf(name: string, width: number, height: number, noisy: boolean) {
  const filled = noisy
    ? { noise: { type: 'gaussian', mean: 128, sigma: 3 } as const, background: '#000' }
    : { background: '#567' };
  const buffer = await sharp({ create: { width, height, channels: 3, ...filled } })
    .png()
    .toBuffer();
  return { name, mimeType: 'image/png', buffer };
}

test('a device with little memory says before what would fit, and works in smaller tiles', async (context) => {
  const { page, check } = await open(context, built);
  await page.addInitScript("Object.defineProperty(navigator, 'deviceMemory', { value: 0.5 })");
  await page.reload();
  await page.evaluate(`(() => {
    globalThis.told = [];
    new MutationObserver(() => told.push(facts.textContent)).observe(facts, { childList: true });
  })()`);
  await page.setInputFiles('#file', [
    await fileOf('large.png', 3000, 2000, false),
    await fileOf('small.png', 330, 200, true),
  ]);
  await page.getByText('on this device pictures of at most 4.2 megapixels').waitFor();
  expect(await page.textContent('#problem-text')).toMatch(/^This picture has 6\.0 megapixels; /);
  await page.getByRole('button', { name: 'small.png, ' }).click();
  await page.getByRole('button', { name: 'small.png, done' }).waitFor();
  expect(await page.evaluate('told'), 'two tiles of at most 256 pixels').toContain('1 of 2 parts');
  check();
}, 600_000);
