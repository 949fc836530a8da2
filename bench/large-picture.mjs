// node bench/large-picture.mjs [MEGAPIXELS [WEIGHTS]]: a large noisy picture is denoised in the page, by Chromium and WebAssembly; prints how long it
// takes and the most memory that the tab's process has meanwhile. Default: 24 megapixels, and the general weights; those of a small
// network show in minutes what pictures take, but not the network.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { build } from 'vite';
import { servePage } from '../dist/cli/page/serve-page.js';

const [megapixels = 24, weights] = process.argv.slice(2);
const [width, height] = [
  Math.round(Math.sqrt(megapixels * 1.5e6)),
  Math.round(Math.sqrt(megapixels / 1.5e-6)),
];

/** A photograph's like: soft shapes with noise. */
async function writePicture(file) {
  const soft = {
    create: { width: 96, height: 64, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  };
  const shapes = await sharp(soft)
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const grain = { create: { width, height, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 14 } } };
  const noise = await sharp(grain).png({ compressionLevel: 1 }).toBuffer();
  await sharp(shapes)
    .composite([{ input: noise, blend: 'overlay' }])
    .jpeg({ quality: 97 })
    .toFile(file);
}

const processes = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));
const textOf = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended
  }
};

/** The processes of tabs that this one has started, by way of others. */
function tabs() {
  const parents = new Map(
    processes().map((id) => [id, /^PPid:\s*(\d+)/m.exec(textOf(`/proc/${id}/status`))?.[1]]),
  );
  const isOurs = (id) => id === String(process.pid) || (parents.has(id) && isOurs(parents.get(id)));
  return [...parents.keys()].filter(
    (id) => isOurs(id) && textOf(`/proc/${id}/cmdline`).includes('--type=renderer'),
  );
}

/** Bytes that a process has in memory; what it shares with others counts by their number. */
const bytesOf = (id) => 1024 * Number(/^Pss:\s*(\d+)/m.exec(textOf(`/proc/${id}/smaps_rollup`))?.[1] ?? 0);

const folder = await mkdtemp(join(tmpdir(), 'revela-large-'));
try {
  const outDir = join(folder, 'page');
  const configFile = new URL('../web/vite.config.mjs', import.meta.url).pathname;
  await build({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const file = join(folder, 'large.jpg');
  await writePicture(file);
  const { address, close } = await servePage({ '': outDir });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage();
  await page.goto(address);
  if (weights !== undefined) {
    const buffer = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#567' } })
      .png()
      .toBuffer();
    await page.setInputFiles('#file', { name: 'small.png', mimeType: 'image/png', buffer });
    await page.locator('#save:enabled').waitFor({ timeout: 600_000 });
    await page.setInputFiles('#weights', weights);
    await page.locator('#save:disabled').waitFor();
    await page.locator('#save:enabled').waitFor({ timeout: 600_000 });
  }
  const before = Math.max(...tabs().map(bytesOf));
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, ...tabs().map(bytesOf));
  }, 250);
  const started = performance.now();
  await page.setInputFiles('#file', file);
  await page.locator('#save:disabled').waitFor();
  const facts = page.locator('#save:enabled, #problem:not([hidden])').first().waitFor({ timeout: 7_200_000 });
  let ended = false;
  const shown = facts.then(() => {
    ended = true;
  });
  while (!ended) {
    await Promise.race([shown, new Promise((resolve) => setTimeout(resolve, 20_000))]);
    const gibibytes = (most / 2 ** 30).toFixed(2);
    console.error(
      `${((performance.now() - started) / 1000).toFixed(0)} s, ${gibibytes} GiB: ${await page.textContent('#facts')}`,
    );
  }
  const made = (performance.now() - started) / 1000;
  const whileMade = most;
  await page.click('#copy', { force: true }).catch(() => undefined);
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 600_000 }),
    page.click('#save'),
  ]);
  const saved = await download.path();
  clearInterval(watch);
  const size = await sharp(saved, { limitInputPixels: false }).metadata();
  console.log(
    JSON.stringify({
      ...{ width, height, seconds: made, savedSeconds: (performance.now() - started) / 1000 - made },
      ...{ before, whileMade, most, problem: await page.textContent('#problem-text') },
      ...{ engine: await page.textContent('#engine'), saved: [size.width, size.height] },
    }),
  );
  await browser.close();
  await close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
