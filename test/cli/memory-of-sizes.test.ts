import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writePicture } from '#src/images/index.js';
import { temporaryFolder } from '../images/drawing.js';
import { noisyPicture } from '../library/denoisers.js';
import { sharedFolder } from '../shared.js';

const { path } = temporaryFolder();
const project = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

test('files-02: sixty sizes take the memory of one', { timeout: 900_000 }, async (context) => {
  const folder = sharedFolder(context, 'cases', 'files-02-memory-grows-with-picture-sizes');
  const { stdout } = await run('bash', [`${folder}/run.sh`], { env: { ...process.env, REVELA: project } });
  expect(stdout).toContain('sixty sizes');
  expect(stdout).not.toContain('FAIL');
});

/** Says at the end how much memory was resident at most, in KiB. */
const telling =
  'data:text/javascript,process.on("exit",()=>console.error("most",process.resourceUsage().maxRSS))';

/** The most memory that enlarging a folder takes. */
async function peakOf(folder: string): Promise<number> {
  const main = `${project}/dist/cli/main.js`;
  const { stderr } = await run('node', [
    ...['--import', telling, main, 'upscale', folder, '--output', `${folder}-large/`],
  ]);
  expect(stderr).toMatch(/60 pictures/);
  return Number(/most (\d+)/.exec(stderr)?.[1]);
}

// The pictures of the case train-memory-per-size.
test('train-memory-per-size: sixty tiny sizes take the memory of one', { timeout: 600_000 }, async () => {
  for (const kind of ['same', 'vary']) {
    await mkdir(path(kind));
    for (let k = 0; k < 60; k++)
      await writePicture(
        path(`${kind}/p${k}.png`),
        kind === 'same' ? noisyPicture(110, 70) : noisyPicture(50 + 2 * k, 40 + k),
      );
  }
  expect(await peakOf(path('vary'))).toBeLessThan(1.5 * (await peakOf(path('same'))));
});
