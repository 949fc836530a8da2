import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sharedFolder } from '../shared.js';
import { checkout, type WarmCheckout, warmCheckout } from './warm-checkout.js';

const run = promisify(execFile);

/**
 * What each case says now, of all that it writes: `expected.md` beside it has the reasons. Not here, because their scripts wait for
 * a machine that is fast: two processes at one run (two-resumes.test.ts), damaged checkpoints (../runs/run-folder.test.ts), pipes
 * (../regular-file.test.ts). One takes half a minute to make its own file: compressed variables (../weights/read-arrays.test.ts).
 */
const cases: Readonly<Record<string, readonly RegExp[]>> = {
  'absurd-resolution-ends-the-batch': [
    /Denoised 3 pictures[\s\S]*rc=0\na\.tif\nb\.tif\nc\.tif/,
    /Degraded 2 pictures/,
  ],
  'avif-with-a-huge-ispe': [/is damaged: it claims to have 64×771751956 pixels/],
  'csv-long-quoted-cell': [/^revela: .{1,600}\n?$/m, /rc=1/],
  'exif-directories-in-a-circle': [/info jpg rc=0/, /denoise jpg rc=0/, /info tif rc=0/],
  'exif-fields-that-overlap': [/peak 1?\d{5} KiB/],
  'killed-write-leaves-hidden-file': [/o\.pth: 1 tensor/],
  'libsvm-sparse-rows-abort': [/has the feature 10000; expected are 1 to 36/],
  // The second and the third are refused: one score is left.
  'libsvm-wrong-values-accepted': [/^rank,picture,brisque\s+1,p\.png,24\.79\d+\s*$/],
  'mat-many-dimensions': [/dims\.mat rc=1/, /names\.mat rc=1/, /dims\.npz rc=1/],
  'model-folder-part-is-a-link': [/ 9 .*victim/, /precious/],
  'names-of-files': [
    /,'=cmd\|calc\.png,/,
    /a\?\]0;owned\?\.png/,
    /caf\?\.png has a name that is no UTF-8 text/,
  ],
  'network-of-width-zero': [/info rc=0/, /holds no network that denoises[\s\S]*denoise rc=1/, /export rc=1/],
  'npz-entries-that-overlap': [/its entries overlap/],
  'onnx-many-fields': [/takes more than 1,000,000 steps/],
  'report-of-a-run-with-a-wrong-network': [/config\.base_ch must be a number from 0 to 65536, got -1/],
  'safetensors-header-memory': [/its header would be 90000055 bytes long/],
  'safetensors-header-of-escapes': [/0 in 0 tensors\nrc=0/],
};

/** Those about a process of its own: its memory, and that it is killed. */
const apart: ReadonlySet<string> = new Set(['exif-fields-that-overlap', 'killed-write-leaves-hidden-file']);

let warm: WarmCheckout;
beforeAll(async () => {
  warm = await warmCheckout();
});
afterAll(() => warm[Symbol.asyncDispose]());

it.for(Object.entries(cases))('%s', { timeout: 300_000 }, async ([name, patterns], context) => {
  const script = `${sharedFolder(context, 'cases', name)}/run.sh`;
  const { VK_DRIVER_FILES: _, ...inherited } = process.env;
  const all = `bash '${script}' 2>&1; true`;
  const { stdout } = await run('bash', ['-c', all], {
    env: { ...inherited, REVELA: apart.has(name) ? checkout : warm.folder },
    maxBuffer: 2 ** 26,
  });
  expect(stdout).not.toContain('\u001b]');
  expect(stdout).not.toMatch(/this should not have happened|rc=1[3-9]\d/);
  for (const pattern of patterns) expect(stdout).toMatch(pattern);
});
