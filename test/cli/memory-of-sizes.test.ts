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

/** How much the allocator takes is partly chance: what is too much at first is measured once more. */
async function expectAlike(measure: () => Promise<{ readonly one: number; readonly many: number }>) {
  const first = await measure();
  const { one, many } = first.many < MOST * first.one ? first : await measure();
  expect(many).toBeLessThan(MOST * one);
}

/** Says at the end how much memory was resident at most, in KiB. */
const telling =
  'data:text/javascript,process.on("exit",()=>console.error("most",process.resourceUsage().maxRSS))';

/** The most memory that enlarging a folder takes. */
async function peakOf(folder: string): Promise<number> {
  await rm(`${folder}-large`, { recursive: true, force: true });
  const main = `${project}/dist/cli/main.js`;
  const { stderr } = await run('node', [
    ...['--import', telling, main, 'upscale', folder, '--output', `${folder}-large/`],
  ]);
  expect(stderr).toMatch(/60 pictures/);
  return Number(/most (\d+)/.exec(stderr)?.[1]);
}

// The cases files-02-memory-grows-with-picture-sizes and train-memory-per-size, whose pictures these are.
test('sixty sizes take the memory of one', { timeout: 1_200_000 }, async () => {
  for (const kind of ['same', 'vary']) {
    await mkdir(path(kind));
    for (let k = 0; k < 60; k++)
      await writePicture(
        path(`${kind}/p${k}.png`),
        kind === 'same' ? noisyPicture(110, 70) : noisyPicture(50 + 2 * k, 40 + k),
      );
  }
  await expectAlike(async () => ({ one: await peakOf(path('same')), many: await peakOf(path('vary')) }));
});
