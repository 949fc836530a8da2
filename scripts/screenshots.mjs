// npm run screenshots [-- PICTURE...]: every state of the page (web/), as pictures in build/screenshots, to be looked at. Chromium has to be there.
// Default: two cuts of a picture of docs/images, with noise.
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { build } from 'vite';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = join(root, 'build', 'screenshots');
const outDir = join(root, 'build', 'screenshots-page');

const desktop = { width: 1280, height: 860 };
const wide = { width: 1720, height: 1000 };
const phone = { width: 390, height: 844 };

/** A part of a picture with noise. */
async function noisyCut(name, left, top) {
  const [width, height] = [420, 280];
  const grain = { create: { width, height, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 22 } } };
  const noise = await sharp(grain).png().toBuffer();
  const buffer = await sharp(join(root, 'docs', 'images', 'airplane-before-after.jpg'))
    .extract({ left, top, width, height })
    .composite([{ input: noise, blend: 'soft-light' }])
    .png()
    .toBuffer();
  return { name, mimeType: 'image/png', buffer };
}

const given = process.argv.slice(2);
const pictures =
  given.length > 0
    ? await Promise.all(
        given.map(async (file) => ({ name: basename(file), mimeType: '', buffer: await readFile(file) })),
      )
    : [await noisyCut('harbour.png', 20, 20), await noisyCut('harbour-2.png', 60, 40)];
const broken = {
  name: 'broken.jpg',
  mimeType: 'image/jpeg',
  buffer: Buffer.from('\xff\xd8\xff\xe0 no more', 'latin1'),
};

await build({
  configFile: join(root, 'web', 'vite.config.mjs'),
  logLevel: 'error',
  build: { outDir, emptyOutDir: true },
});
await mkdir(folder, { recursive: true });
const { servePage } = await import('../dist/cli/page/serve-page.js');
const { address, close } = await servePage({ '': outDir });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage({ viewport: desktop });
// However slow the machine is.
page.setDefaultTimeout(1_800_000);
await page.goto(address);

async function take(name, { size = desktop, colorScheme = 'light', fullPage = true } = {}) {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
  await page.setViewportSize(desktop);
  await page.emulateMedia({ colorScheme: 'light' });
  console.log(name);
}

/** The same state as everybody sees it. */
async function takeAll(name) {
  await take(name);
  await take(`${name}-dark`, { colorScheme: 'dark' });
  await take(`${name}-phone`, { size: phone });
  await take(`${name}-phone-dark`, { size: phone, colorScheme: 'dark' });
}

const settled = () =>
  page.locator('[data-state=waiting], [data-state=working]').first().waitFor({ state: 'detached' });
const choose = (task) => page.locator(`label:has(input[value=${task}])`).click();

await takeAll('drop');
await page.setInputFiles('#file', [...pictures, broken]);
await page.locator('#progress.busy').waitFor();
await take('working');
await settled();
await takeAll('done');
await take('done-wide', { size: wide });
await page.selectOption('#language', 'de');
await take('done-german');
await take('done-german-phone', { size: phone });
await page.selectOption('#language', 'en');
await page.click('#actual');
await take('actual-size');
await page.click('#fit');
await page.getByRole('button', { name: 'broken.jpg, failed' }).click();
await takeAll('error');
await page.locator('.frame').first().click();

await page.click('#learn-one');
while ((await page.evaluate("curve.getAttribute('points').split(' ').length")) <= 12)
  await page.waitForTimeout(500);
await take('learning-wide', { size: wide });
await take('learning', { colorScheme: 'dark' });
await take('learning-phone', { size: phone });
await page.click('#keep-best');
await page.locator('#learn-one').waitFor();
await page.getByText(/^(?:Learnt in|After) \d/).waitFor();
await take('learnt');

await choose('upscale2');
await page.locator('#progress.busy').waitFor();
await take('enlarging');
await settled();
await take('enlarged', { colorScheme: 'dark' });
await take('enlarged-phone', { size: phone });
await choose('score');
await settled();
await takeAll('score');
await choose('compare');
await settled();
await takeAll('compare');
await page.locator('label:has(input[value=difference])').click();
await take('difference');

await browser.close();
await close();
