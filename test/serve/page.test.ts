import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDenoiser, readPicture } from 'revela';
import { serve, type ServeOptions } from 'revela/serve';
import { photograph } from '../cli/command.js';
import { findings } from '../web/axe.js';
import { pages } from '../web/chromium.js';

const folder = mkdtempSync(join(tmpdir(), 'revela-serve-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = pages();
const serving = (options: ServeOptions = {}) =>
  serve({ port: 0, device: 'cpu', threads: 1, folder, ...options });
const photo = async (name: string, width = 96, height = 80) => ({
  name,
  mimeType: 'image/png',
  buffer: await photograph(width, height).png().toBuffer(),
});

test('a picture is sent, followed and shown beside its result, which is that of the library; nothing stays there', async (context) => {
  await using service = await serving();
  const { page, check } = await open(context, '', { served: service.address });
  const names = await page.locator('#operations').innerText();
  expect(names.split('\n').filter(Boolean)).toEqual(['Denoise', 'Upscale', 'Score', 'Compare', 'Adapt']);
  await page.click('#begin');
  expect(await page.textContent('#problem-text')).toBe('Choose a picture first.');
  await page.getByText('Options').click();
  await page.getByLabel('strength').fill('70');
  await page.getByLabel('format').selectOption('tiff');
  await page.getByLabel('format').selectOption('png');
  expect(await page.textContent('#command')).toContain('/v1/denoise?strength=70&format=png');
  const file = await photo('a photo.png');
  await page.setInputFiles('#picture', file);
  await page.click('#begin');
  await page.locator('#save').waitFor({ timeout: 240_000 });
  expect(await page.textContent('#problem-text')).toBe('');
  expect(await page.textContent('#facts')).toMatch(/^Made with general on CPU, 1 thread in [\d.]+ s\.$/);
  expect(await page.evaluate('[before, after].map(({ naturalWidth }) => naturalWidth).join()')).toBe('96,96');
  await page.locator('#split').fill('20');
  expect(await page.evaluate("stage.style.getPropertyValue('--split')")).toBe('20%');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  expect(download.suggestedFilename()).toBe('a photo.denoise.png');
  await using denoiser = await openDenoiser({ strength: 70, device: 'cpu', threads: 1 });
  const expected = await denoiser.denoise(file.buffer);
  const { data } = await (await readPicture(await download.path())).toRaw();
  expect(data).toEqual((await expected.toRaw()).data);
  expect(await findings(page)).toEqual([]);

  await page.getByText('Upscale').click();
  await page.getByRole('spinbutton', { name: 'scale' }).fill('2');
  await page.click('#begin');
  await page.locator('#save').waitFor({ timeout: 240_000 });
  await expect.poll(() => page.evaluate('after.naturalWidth')).toBe(192);

  await page.getByText('Compare').click();
  await page.setInputFiles('#reference', file);
  await page.click('#begin');
  await page.locator('#answer').waitFor({ timeout: 240_000 });
  expect(await page.textContent('#answer')).toContain('"psnr": "Infinity"');

  await page.setInputFiles('#picture', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('none') });
  await page.getByText('Denoise').click();
  await page.click('#begin');
  await page.getByText(/^The picture is not a picture/).waitFor();
  await expect
    .poll(async () => (await fetch(`${service.address}/metrics`)).text())
    .toMatch(/^revela_jobs_kept 0$/m);
  check();
}, 600_000);

test('a service with tokens asks for one, tells who it does not know, and stops what is not wanted any more', async (context) => {
  await using service = await serving({ tokens: new Map([['me', 'a-token-of-many-letters']]) });
  const { page, check } = await open(context, '', { served: service.address });
  await page.getByLabel('Token').fill('another-token-of-letters');
  // Large enough that it is worked on for longer than a click takes.
  await page.setInputFiles('#picture', await photo('a.png', 1600, 1200));
  await page.getByText('Adapt').click();
  await page.click('#begin');
  await page.getByText('The service does not know this token.').waitFor();
  await page.getByLabel('Token').fill('a-token-of-many-letters');
  await page.click('#begin');
  await page.click('#stop');
  await page.getByText('Stopped.').waitFor();
  expect(await page.locator('#problem').isHidden()).toBe(true);
  expect(await findings(page)).toEqual([]);
  check();
}, 120_000);

test('the page is public, asks no other host, and cannot be framed', async () => {
  await using service = await serving({ tokens: new Map([['me', 'a-token-of-many-letters']]) });
  const page = await fetch(service.address);
  expect([page.status, page.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'$/);
  for (const [, path] of (await page.text()).matchAll(/(?:src|href)="([^"]+)"/g))
    expect((await fetch(new URL(path ?? '', service.address))).status).toBe(200);
  expect((await fetch(`${service.address}/page/main.d.ts`)).status).toBe(401);
  expect((await fetch(`${service.address}/v1/models`)).status).toBe(401);
}, 60_000);
