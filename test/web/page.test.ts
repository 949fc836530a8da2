import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { openDenoiser, openUpscaler } from '#src/api/index.js';
import { readPicture, writePicture } from '#src/images/index.js';
import { quantize } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';
import { servePage } from '../../scripts/serve-page.mjs';
import { temporaryFolder } from '../weights/files.js';
import { pages, root, type WatchedPage } from './chromium.js';

const path = temporaryFolder();
const open = pages();
const built = join(root, 'build', 'web');

/** A picture with edges and noise; without it, a JPEG file. */
async function noisyFile(strength = 0.07): Promise<string> {
  const [width, height] = [144, 112];
  const random = createRandom(7);
  const data = new Float32Array(3 * width * height);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const noise = strength * random.normal();
        const drawn = 0.45 + 0.25 * Math.sin(x / (9 + 3 * c)) * (y > 56 ? 1 : 0.4);
        data[(c * height + y) * width + x] = Math.min(1, Math.max(0, drawn + noise));
      }
  const format = strength === 0 ? 'jpeg' : 'png';
  const file = path(`noisy.${format}`);
  await writePicture(
    file,
    { width, height, channels: 3, data, bitDepth: 8, format, metadata: {} },
    { overwrite: true },
  );
  return file;
}

/** Waits for the result, and gives the file that the page makes of it. */
async function downloaded({ page }: WatchedPage, name: string): Promise<string> {
  await page.locator('#save:not([hidden]), #problem:not([hidden])').first().waitFor({ timeout: 240_000 });
  expect(await page.textContent('#problem')).toBe('');
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

beforeAll(async () => {
  await build({ configFile: join(root, 'web', 'vite.config.mjs'), logLevel: 'warn' });
}, 240_000);

test('a dropped photograph is denoised and enlarged as by the library, and nothing leaves the page', async (context) => {
  const watched = await open(context, built);
  const { page, check } = watched;
  const file = await noisyFile();
  await page.setInputFiles('#file', file);
  const natural = await downloaded(watched, 'natural.png');
  expect(await page.textContent('#engine')).toMatch(/^WebAssembly, \d+ threads?: /);
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

  await page.getByText('Upscale ×2').click();
  await page.locator('#stop:not([hidden])').waitFor();
  const enlarged = await downloaded(watched, 'enlarged.png');
  await using upscaler = await openUpscaler({ scale: 2, device: 'cpu' });
  expect(await differences(enlarged, quantize(await upscaler.upscale(file), 8))).toSatisfy(
    ({ largest, share }: { largest: number; share: number }) => largest <= 1 && share < 0.02,
  );
  check();
}, 600_000);

test('without isolation there is one thread, and it says so; what is no picture is told', async (context) => {
  const watched = await open(context, built, { isolated: false });
  const { page, check } = watched;
  await page.setInputFiles('#file', {
    name: 'a.png',
    mimeType: 'image/png',
    buffer: Buffer.from('no picture'),
  });
  await page.locator('#problem:not([hidden])').waitFor();
  expect(await page.textContent('#problem')).toBe(
    'The browser cannot open a.png: it is no JPEG, PNG, WebP or AVIF file.',
  );
  await page.setInputFiles('#file', await noisyFile());
  await downloaded(watched, 'alone.png');
  expect(await page.textContent('#engine')).toMatch(/^WebAssembly, 1 thread: the page is not isolated/);
  check();
}, 600_000);

test('what is under way can be stopped and begun again, and gives way to another picture', async (context) => {
  const { page, check } = await open(context, built);
  const noisy = { name: 'noisy.png', mimeType: 'image/png', buffer: await readFile(await noisyFile()) };
  // A name that says something else than the file, which has lost detail.
  const clean = { name: 'clean.png', mimeType: 'image/png', buffer: await readFile(await noisyFile(0)) };
  const result = () => page.locator('#save:not([hidden])').waitFor({ timeout: 240_000 });
  const widths = () => page.evaluate('[before.width, after.width, Math.round(stage.offsetWidth)].join()');

  await page.setInputFiles('#file', noisy);
  expect(await page.inputValue('#file'), 'the same file can be chosen again').toBe('');
  await page.click('#stop');
  expect(await page.textContent('#facts')).toBe('Stopped.');
  await page.click('#again');
  await result();
  await page.click('#actual');
  expect(await widths()).toBe('144,144,144');

  await page.setInputFiles('#file', noisy);
  await page.setInputFiles('#file', clean);
  await page.getByText('Upscale ×2').click();
  await page.locator('#stop').waitFor();
  await result();
  expect(await page.textContent('#facts')).toMatch(/288 × 224 pixels, .* loses detail \(JPEG\)\.$/);
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
  check();
}, 600_000);

test('what fails can be tried again', async (context) => {
  const { page } = await open(context, built);
  await page.route('**/general-*.safetensors', (route) => route.abort(), { times: 1 });
  await page.setInputFiles('#file', await noisyFile());
  await page.locator('#problem:not([hidden])').waitFor({ timeout: 240_000 });
  expect(await page.textContent('#problem')).toMatch(/^The weights general-\S+ could not be fetched/);
  await page.click('#again');
  await page.locator('#save:not([hidden])').waitFor({ timeout: 240_000 });
  expect(await page.textContent('#problem')).toBe('');
  await page.evaluate("document.dispatchEvent(new DragEvent('drop'))");
  expect(await page.textContent('#problem')).toBe('What was dropped is no file.');
}, 600_000);

test('the server answers addresses that are none', async () => {
  const { server, address } = await servePage(built);
  const statuses = ['%', '%00', 'no-such-file', ''].map(
    async (path) => (await fetch(`${address}${path}`)).status,
  );
  expect(await Promise.all(statuses)).toEqual([400, 404, 404, 200]);
  server.close();
});

test('a page is less than 100 kB before a picture is dropped', async () => {
  const html = await readFile(join(built, 'index.html'), 'utf8');
  const files = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file = '']) => join(built, file));
  const bytes = await Promise.all(files.map(async (file) => (await readFile(file)).length));
  expect(bytes.reduce((sum, size) => sum + size, html.length)).toBeLessThan(100_000);
});
