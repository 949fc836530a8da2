import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openDenoiser, openUpscaler } from '#src/api/index.js';
import { readPicture } from '#src/images/index.js';
import { quantize } from '#src/pixels/index.js';
import { temporaryFolder } from '../weights/files.js';
import { builtPage } from './built-page.js';
import { pages, type WatchedPage } from './chromium.js';
import { otherTabAtWork } from './other-tab.js';
import { hugeHeader, writeNoisy } from './pictures.js';
import { namesInZip } from './zip.js';

const path = temporaryFolder();
const open = pages();
const built = builtPage();

const noisyFile = (strength?: number, name?: string) => writeNoisy(path, strength, name);

/** Waits for the result, and gives the file that the page makes of it. */
async function downloaded({ page }: WatchedPage, name: string): Promise<string> {
  await page.locator('#save:enabled, #problem:not([hidden])').first().waitFor();
  expect(await page.textContent('#problem-text')).toBe('');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  const file = path(name);
  await download.saveAs(file);
  return file;
}

/** The largest difference of values from 0 to 255, and the share of those that differ. */
async function differences(file: string, other: Uint8Array | Uint16Array) {
  const values = quantize(await readPicture(file), 8);
  expect(values.length).toBe(other.length);
  let [largest, different] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const difference = Math.abs((values[i] ?? 0) - (other[i] ?? 0));
    largest = Math.max(largest, difference);
    if (difference > 0) different += 1;
  }
  return { largest, share: different / values.length };
}

/** What the library makes of a file. */
async function removed(file: string, how: { luma: number; chroma: number; detail?: number }) {
  await using denoiser = await openDenoiser({ device: 'cpu', ...how });
  return (await denoiser.removal(file)).picture;
}

/** Moves a slider. */
const set = (page: Page, name: string, value: number) => page.locator(`#${name}`).fill(String(value));

test('a dropped photograph is denoised and enlarged as by the library, and nothing leaves the page', async (context) => {
  const watched = await open(context, built);
  const { page, check } = watched;
  const file = await noisyFile();
  await page.setInputFiles('#file', file);
  const natural = await downloaded(watched, 'natural.png');
  expect(await page.textContent('#engine')).toMatch(
    /^Computed by WebAssembly, with (?:\d+ threads|one thread)\.$/,
  );
  expect(await page.textContent('#facts')).toMatch(/^Noise of \d+\.\d in brightness/);
  const strength = Number(await page.inputValue('#strength'));
  await using denoiser = await openDenoiser({ device: 'cpu' });
  const { picture, facts } = await denoiser.removal(file);
  expect(strength).toBe(Math.round(facts?.strength ?? 0));
  expect(strength).toBeGreaterThan(50);
  // The page blends the picture and the result of full strength; at the strength that is natural that is the library's result.
  expect(await differences(natural, quantize(picture, 8))).toSatisfy(
    ({ largest, share }: { largest: number; share: number }) => largest <= 1 && share < 0.02,
  );

  // Moved, the sliders mix what is there: nothing is computed again.
  await set(page, 'luma', 30);
  await set(page, 'chroma', 80);
  const mixed = await downloaded(watched, 'mixed.png');
  const less = await removed(file, { luma: 30, chroma: 80 });
  // What is mixed was rounded before.
  expect(await differences(mixed, quantize(less, 8))).toSatisfy(
    ({ largest, share }: { largest: number; share: number }) => largest <= 1 && share < 0.25,
  );
  await set(page, 'detail', 0);
  const bare = await removed(file, { luma: 30, chroma: 80, detail: 0 });
  expect(await differences(await downloaded(watched, 'bare.png'), quantize(bare, 8))).toSatisfy(
    ({ largest, share }: { largest: number; share: number }) => largest <= 1 && share < 0.25,
  );
  expect(new URL(page.url()).search).toBe('?luma=30&chroma=80&detail=0');

  await page.getByText('Upscale ×2').click();
  const enlarged = await downloaded(watched, 'enlarged.png');
  await using upscaler = await openUpscaler({ scale: 2, device: 'cpu' });
  expect(await differences(enlarged, quantize(await upscaler.upscale(file), 8))).toSatisfy(
    ({ largest, share }: { largest: number; share: number }) => largest <= 1 && share < 0.02,
  );

  // Once they are let be, these sliders enlarge anew.
  expect(await page.inputValue('#sharpen')).toBe('100');
  await set(page, 'sharpen', 40);
  await set(page, 'denoise', 60);
  await page.locator('#save:disabled').waitFor();
  const softer = await downloaded(watched, 'softer.png');
  await using soft = await openUpscaler({ scale: 2, sharpen: 40, denoise: 60, device: 'cpu' });
  expect(await differences(softer, quantize(await soft.upscale(file), 8))).toSatisfy(
    ({ largest, share }: { largest: number; share: number }) => largest <= 1 && share < 0.02,
  );
  expect(new URL(page.url()).search).toContain(
    'task=upscale2&luma=30&chroma=80&detail=0&sharpen=40&denoise=60',
  );
  check();
}, 600_000);

test('without isolation there is one thread, and it says so; what is no picture is told, and the queue goes on', async (context) => {
  const watched = await open(context, built, { isolated: false, serviceWorker: false });
  const { page, check } = watched;
  await page.setInputFiles('#file', [
    { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no picture') },
    { name: 'cut.png', mimeType: 'image/png', buffer: (await readFile(await noisyFile())).subarray(0, 500) },
    { name: 'huge.png', mimeType: 'image/png', buffer: hugeHeader() },
    { name: 'good.png', mimeType: 'image/png', buffer: await readFile(await noisyFile()) },
  ]);
  const told = async (name: string): Promise<string | null> => {
    await page.getByRole('button', { name: `${name}, failed` }).click();
    return page.textContent('#problem-text');
  };
  await page.getByRole('button', { name: 'good.png, done' }).click();
  expect(await told('a.png')).toBe('a.png is no JPEG, PNG, WebP, TIFF, AVIF, HEIC or JPEG XL file.');
  expect(await told('cut.png')).toMatch(/^cut\.png cannot be opened: it is damaged/);
  expect(await told('huge.png')).toBe(
    'This picture has 900 megapixels; on this device pictures of at most 134 megapixels are worked on in a page.',
  );
  // The details tell what happened, and not with which picture.
  await page.click('#copy');
  const details = await page.evaluate('navigator.clipboard.readText()');
  expect(details).toMatch(/^This picture has 900 megapixels/);
  expect(details).toMatch(/Revela \d+\.\d+\.\d+, ONNX Runtime \d/);
  expect(details).toMatch(/picture 4: denoise in \d/);
  expect(details).not.toMatch(/good|huge|cut|a\.png/);
  expect(await page.textContent('#engine')).toMatch(/one thread: the page is not isolated/);

  // Of three that failed none is in the file of all.
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-all')]);
  const file = path('all.zip');
  await download.saveAs(file);
  expect(await namesInZip(file)).toEqual(['good-denoised.png']);
  await page.getByText('1 saved; 3 could not be worked on.').waitFor();
  check();
}, 600_000);

test('what is under way can be stopped and begun again; several are saved as one file', async (context) => {
  const search = '?strength=60&format=jpeg';
  const { page, check } = await open(context, built, { search, serviceWorker: false });
  const buffer = await readFile(await noisyFile());
  // A name that says something else than the file, which has lost detail.
  const clean = { name: 'clean.png', mimeType: 'image/png', buffer: await readFile(await noisyFile(0)) };
  const result = () => page.locator('#save:enabled').waitFor();
  const widths = () => page.evaluate('[before.width, after.width, Math.round(stage.offsetWidth)].join()');

  let goOn = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route('**/general-*.safetensors', (route) => stopped.then(() => route.continue()));
  await page.setInputFiles('#file', { name: 'noisy.png', mimeType: 'image/png', buffer });
  expect(await page.inputValue('#file'), 'the same file can be chosen again').toBe('');
  await page.click('#stop');
  expect(await page.textContent('#facts')).toBe('Stopped.');
  goOn();
  await page.click('#again');
  await result();
  expect(await page.inputValue('#strength'), 'as the address says').toBe('60');
  await page.click('#actual');
  expect(await widths()).toBe('144,144,144');

  await page.setInputFiles('#file', [clean, { name: 'noisy.png', mimeType: 'image/png', buffer }]);
  await page.getByText('Upscale ×2').click();
  await result();
  expect(await page.textContent('#facts')).toMatch(/^Enlarged 2 times, to 288 × 224 pixels/);
  expect(await widths(), 'at actual size').toBe('144,288,288');

  // At actual size only the line takes the mouse.
  const { x = 0, y = 0 } = (await page.locator('#stage').boundingBox()) ?? {};
  await page.mouse.click(x + 250, y + 50);
  expect(await page.inputValue('#split')).toBe('50');
  await page.mouse.move(x + 144, y + 50);
  await page.mouse.down();
  await page.mouse.move(x + 72, y + 50);
  await page.mouse.up();
  expect(['24', '25', '26']).toContain(await page.inputValue('#split'));
  // The line and the size on the screen by keys.
  await page.focus('#split');
  await page.keyboard.press('Home');
  expect(await page.inputValue('#split')).toBe('0');
  await page.keyboard.press('+');
  expect(await widths(), 'larger').toBe('144,288,360');
  await page.keyboard.press('1');
  expect(await widths()).toBe('144,288,288');

  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-all')]);
  const file = path('several.zip');
  await download.saveAs(file);
  expect(await namesInZip(file)).toEqual([
    'noisy-enlarged.jpg',
    'clean-enlarged.jpg',
    'noisy-enlarged-2.jpg',
  ]);
  await page.getByText('3 saved.').waitFor();
  check();
}, 600_000);

test('what fails can be tried again', async (context) => {
  const { page } = await open(context, built, { serviceWorker: false });
  await page.route('**/general-*.safetensors', (route) => route.abort(), { times: 1 });
  await page.setInputFiles('#file', await noisyFile());
  await page.locator('#problem:not([hidden])').waitFor();
  expect(await page.textContent('#problem-text')).toMatch(/^The weights general-\S+ could not be fetched/);
  await page.click('#again');
  await page.locator('#save:enabled').waitFor();
  expect(await page.textContent('#problem-text')).toBe('');
  await page.evaluate("document.dispatchEvent(new DragEvent('drop'))");
  expect(await page.textContent('#problem-text')).toBe('What was dropped is no file.');
}, 600_000);

test('a page that its server does not isolate is isolated by its service worker, and works without a network', async (context) => {
  const { page, leaveAlone, check } = await open(context, built, { isolated: false });
  await expect
    .poll(() => page.evaluate('crossOriginIsolated').catch(() => false), { timeout: 240_000 })
    .toBe(true);
  await page.setInputFiles('#file', await noisyFile());
  await page.getByText('Works offline.').waitFor();
  await leaveAlone();
  await page.reload();
  await page.setInputFiles('#file', await noisyFile());
  await page.locator('#save:enabled').waitFor();
  check();
}, 600_000);

test('a second tab waits while the first is at work, and says so', async (context) => {
  const watched = await open(context, built);
  const { page, check } = watched;
  const { letGo } = await otherTabAtWork(watched);
  await page.setInputFiles('#file', await noisyFile());
  await page.getByText('Another tab is at work; this one waits for its turn.').waitFor();
  await letGo();
  await page.locator('#save:enabled').waitFor();
  check();
}, 600_000);
