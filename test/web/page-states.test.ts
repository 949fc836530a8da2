import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../weights/files.js';
import { findings } from './axe.js';
import { builtPage } from './built-page.js';
import { pages } from './chromium.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const open = pages();
const built = builtPage();
const compress = promisify(brotliCompress);

test.for(['light', 'dark'] as const)(
  'axe finds nothing in any state, %s; the page is worked by keys alone',
  { timeout: 600_000 },
  async (colorScheme, context) => {
    const { page, check } = await open(context, built, { search: '?lang=de' });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await findings(page), 'at first').toEqual([]);
    expect(await page.textContent('#start-title')).toBe('Fotos öffnen');
    const buffer = await readFile(await writeNoisy(path));
    await page.setInputFiles('#file', [
      { name: 'a.png', mimeType: 'image/png', buffer },
      { name: 'b.png', mimeType: 'image/png', buffer: buffer.subarray(0, 300) },
    ]);
    const { height = 0 } = (await page.locator('#view').boundingBox()) ?? {};
    expect(height, 'there is a place for the picture before its size is known').toBeGreaterThan(100);
    expect(await findings(page), 'at work').toEqual([]);
    await page.locator('#save:enabled').waitFor();
    expect(await findings(page), 'done').toEqual([]);

    // From the picture to its controls by the tab key, and back.
    await page.focus('#split');
    const passed: unknown[] = [];
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab');
      passed.push(await page.evaluate('document.activeElement.id'));
    }
    expect(passed.slice(0, 7)).toEqual(['natural', 'strength', 'luma', 'chroma', 'detail', 'format', 'save']);
    await page.focus('#strength');
    await page.keyboard.press('Home');
    expect(await page.inputValue('#strength')).toBe('0');
    await page.locator('.frame').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('#problem:not([hidden])').waitFor();
    expect(await page.textContent('#problem-text')).toMatch(/^b\.png lässt sich nicht öffnen/);
    expect(await findings(page), 'failed').toEqual([]);
    expect(await page.locator('#view').isVisible(), 'no empty card').toBe(false);
    expect(await page.locator('#zoom, #mixture, #save').filter({ visible: true }).count()).toBe(0);
    await page.locator('.frame').first().click();
    expect(await page.locator('#view').isVisible()).toBe(true);
    await page.click('#actual');
    expect(await findings(page), 'at 100 %').toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await findings(page), 'on a phone').toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth'), 'nothing sticks out').toBe(360);
    check();
  },
);

test('at most 100 kB come before a picture is dropped, and 5 MB to the first result, compressed', async (context) => {
  const { page, address, check } = await open(context, built, { serviceWorker: false });
  const asked: string[] = [];
  page.context().on('request', (request) => asked.push(request.url()));
  await page.goto(address);
  const files = (): readonly string[] =>
    asked
      .filter((url) => url.startsWith(address))
      .map((url) => url.replace(address, '').replace(/[?#].*$/, '') || 'index.html');
  const known = new Map<string, Promise<number>>();
  const sizeOf = async (file: string): Promise<number> => {
    const bytes = await readFile(join(built, file));
    // As `npm run web -- --build` does.
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };
    return (await compress(bytes, { params })).length;
  };
  const bytesOf = async (): Promise<number> => {
    let sum = 0;
    for (const file of files()) {
      const size = known.get(file) ?? sizeOf(file);
      known.set(file, size);
      sum += await size;
    }
    return sum;
  };
  expect(files().some((file) => file.startsWith('engine/'))).toBe(false);
  const first = await bytesOf();
  expect(first).toBeGreaterThan(5000);
  expect(first).toBeLessThan(100_000);
  await page.setInputFiles('#file', await writeNoisy(path));
  await page.locator('#save:enabled').waitFor();
  const needed = ['engine/ort-wasm-simd-threaded.wasm', 'engine/general-resunet-32x1.safetensors'];
  expect(files()).toEqual(expect.arrayContaining(needed));
  expect(await bytesOf()).toBeLessThan(5_000_000);
  check();
}, 600_000);
