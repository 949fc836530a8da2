import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writePicture } from '#src/images/index.js';
import { temporaryFolder } from '../images/drawing.js';
import { noisyPicture } from '../models/denoisers.js';

const { path } = temporaryFolder();
const project = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** How many times the memory of one size many sizes may take: the figure. */
const MOST = 1.3;

/** How often both are measured at most: how much the allocator keeps is partly chance, but what many sizes leave is there every time. */
const TRIES = 3;

/** Says at the end how much memory was resident at most, in KiB. */
const telling =
  'data:text/javascript,process.on("exit",()=>console.error("most",process.resourceUsage().maxRSS))';

/** The most memory that enlarging a folder takes. */
async function peakOf(folder: string): Promise<number> {
  await rm(`${folder}-large`, { recursive: true, force: true });
  const main = `${project}/dist/cli/main.js`;
  const { stderr } = await run('node', [
    ...[
      '--import',
      telling,
      main,
      'upscale',
      folder,
      '--weights',
      'faithful',
      '--output',
      `${folder}-large/`,
    ],
  ]);
  expect(stderr).toMatch(/60 pictures/);
  return Number(/most (\d+)/.exec(stderr)?.[1]);
}

// The cases files-02-memory-grows-with-picture-sizes and train-memory-per-size. The one size is the largest of the many.
test('sixty sizes take the memory of one', { timeout: 1_200_000 }, async () => {
  for (const kind of ['same', 'vary']) {
    await mkdir(path(kind));
    for (let k = 0; k < 60; k++) {
      const size = kind === 'same' ? 59 : k;
      await writePicture(path(`${kind}/p${k}.png`), noisyPicture(50 + 2 * size, 40 + size));
    }
  }
  let least = Number.POSITIVE_INFINITY;
  for (let tried = 0; tried < TRIES && least >= MOST; tried++) {
    const one = await peakOf(path('same'));
    least = Math.min(least, (await peakOf(path('vary'))) / one);
  }
  expect(least).toBeLessThan(MOST);
});
