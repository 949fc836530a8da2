import { mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { bicubicResize } from '#src/pixels/index.js';
import { readPicture, writePicture } from '#src/images/index.js';
import { loadLpips, openLpips, openMeasure, openUpscaler } from '#src/api/index.js';
import { lumaCloseness } from '#src/quality/reference/closeness.js';
import { madeSmall } from '#src/runs/upscaler/large-and-small.js';
import { createRuntime } from '#src/runtime/node/index.js';

const SCALE = 4;

/** Pictures enlarged by bicubic, as what every network has to beat. */
const bicubic = {
  upscale: async (small) => {
    const size = { width: small.width * SCALE, height: small.height * SCALE };
    return { ...small, ...size, data: bicubicResize(small.data, small, size) };
  },
  close: async () => {},
};

/**
 * Measures ways of enlarging on sets of large pictures, which are made small by bicubic: PSNR of the luma without 4 pixels of border, LPIPS-alex, NIQE by the
 * shipped model, the shipped scorer; the mean over each set. Enlarged pictures are written beside.
 *
 * @param ways `{ name, weights }`; without weights it is bicubic
 * @param sets `{ name, files }`
 * @param pictures folder for the enlarged pictures
 */
export async function measured({ ways, sets, lpips, pictures, tell }) {
  const runtime = await createRuntime({ device: 'cpu' });
  const distance = openLpips(runtime, await loadLpips(lpips.network, lpips));
  const [niqe, scorer] = [await openMeasure('niqe'), await openMeasure('revela', { device: 'cpu' })];
  const rows = [];
  try {
    for (const { name, weights } of ways) {
      const upscaling = weights === undefined ? bicubic : await openUpscaler({ weights, device: 'cpu' });
      const row = { name };
      for (const set of sets) {
        const sums = { psnr: 0, lpips: 0, niqe: 0, scorer: 0 };
        const folder = join(pictures, name, set.name);
        await mkdir(folder, { recursive: true });
        for (const file of set.files) {
          const { large, small } = await madeSmall(await readPicture(file), {
            degradation: 'bicubic',
            scale: SCALE,
          });
          const made = await upscaling.upscale(small);
          sums.psnr += lumaCloseness(made, large, SCALE).psnr;
          sums.lpips += await distance.compare(made, large);
          sums.niqe += await niqe.score(made);
          sums.scorer += await scorer.score(made);
          await writePicture(join(folder, `${basename(file, extname(file))}.png`), made, { overwrite: true });
        }
        row[set.name] = Object.fromEntries(
          Object.entries(sums).map(([key, sum]) => [key, sum / set.files.length]),
        );
        tell(`${name}, ${set.name}: ${JSON.stringify(row[set.name])}`);
      }
      await upscaling.close();
      rows.push(row);
    }
  } finally {
    for (const open of [distance, niqe, scorer, runtime]) await open.close();
  }
  return rows;
}

/** The table of what was measured, in Markdown. */
export function tableOf(rows, sets, titles) {
  const names = sets.map(({ name }) => name);
  const head = [
    '',
    ...names.flatMap((name) => ['PSNR-Y', 'LPIPS', 'NIQE', 'scorer'].map((what) => `${name} ${what}`)),
  ];
  const lines = rows.map((row) => [
    titles[row.name] ?? row.name,
    ...names.flatMap((name) => {
      const { psnr, lpips, niqe, scorer } = row[name];
      return [psnr.toFixed(2), lpips.toFixed(4), niqe.toFixed(2), scorer.toFixed(1)];
    }),
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
