import sharp from 'sharp';
import { expect, test } from 'vitest';
import { quickPage } from './built-page.js';
import { pages } from './chromium.js';

const open = pages();
const built = quickPage();

async function fileOf(name: string, width: number, height: number) {
  const noise = { type: 'gaussian', mean: 128, sigma: 20 } as const;
  const buffer = await sharp({ create: { width, height, channels: 3, noise, background: '#000' } })
    .png()
    .toBuffer();
  return { name, mimeType: 'image/png', buffer };
}

test('after a file that cannot be opened a wide picture is drawn, and the next one is worked on', async (context) => {
  const { page, check } = await open(context, built, { serviceWorker: false });
  let goOn = (): void => undefined;
  const seen = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route('**/general-*.safetensors', (route) => seen.then(() => route.continue()));
  await page.setInputFiles('#file', [
    { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') },
    await fileOf('wide.png', 3000, 90),
    await fileOf('next.png', 120, 90),
  ]);
  await page.getByText('broken.png is no JPEG').waitFor();
  // Of the one that cannot be opened nothing is seen; the wide one is seen before its result is there.
  expect(await page.locator('#view').isVisible()).toBe(false);
  await page.waitForFunction("document.querySelectorAll('.frame canvas')[1].height < 20");
  await page.getByRole('button', { name: 'wide.png, ' }).click();
  goOn();
  for (const name of ['wide.png', 'next.png'])
    await page.getByRole('button', { name: `${name}, done` }).waitFor();
  await expect
    .poll(() =>
      page.evaluate(`[before, after].map((canvas) => [
        canvas.width,
        canvas.getContext('2d').getImageData(canvas.width - 1, canvas.height - 1, 1, 1).data[3],
      ])`),
    )
    .toEqual([
      [1500, 255],
      [1500, 255],
    ]);
  check();
}, 600_000);
