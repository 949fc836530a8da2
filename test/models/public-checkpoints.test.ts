import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPicture } from '#src/images/index.js';
import { loadDenoiserWeights, loadUpscalerWeights } from '#src/api/index.js';
import { upscaleProgram } from '#src/apply/upscale-program.js';
import { cpuRuntime } from '../compile/running.js';
import { sharedFolder } from '../shared.js';
import { largestDifference } from './denoisers.js';
import { inOnePiece } from '../apply/in-one-piece.js';

const cpu = cpuRuntime();

test.for(['underscore', 'dash', 'ema', 'model_ema'])(
  'averaged weights are preferred under the keys of other trainers: %s',
  async (name, context) => {
    const folder = sharedFolder(context, 'cases', 'train-ema-keys');
    const { parameters } = await loadDenoiserWeights(join(folder, `${name}.pth`));
    expect(parameters).toEqual((await loadDenoiserWeights(join(folder, 'averaged.pth'))).parameters);
  },
);

describe('RRDBNets of other scales', () => {
  test.for([
    ['old_x1', 1],
    ['new_x1', 1],
    ['basicsr_noup_x1', 1],
    ['old_x8', 8],
    ['new_x8', 8],
    ['real_x8', 8],
  ] as const)('%s', async ([name, scale], context) => {
    const folder = sharedFolder(context, 'cases', 'train-rrdb-other-scales');
    const weights = join(folder, `${name}.pth`);
    expect((await loadUpscalerWeights(weights)).description).toMatchObject({
      scale,
      architecture: 'rrdbnet',
    });
    if (scale !== 1) return;
    const picture = await readPicture(join(folder, 'picture.png'));
    // In one piece: the command mirrors pictures up to one of few sizes, which edges show.
    const program = upscaleProgram(await loadUpscalerWeights(weights));
    const result = await inOnePiece(cpu(), program, picture);
    // Row by row, the three colours of a pixel together.
    const truth = new Float32Array((await readFile(join(folder, 'x1.npy'))).buffer.slice(128));
    const planes = result.map((_, i) => {
      const area = truth.length / 3;
      return Math.min(1, Math.max(0, truth[3 * (i % area) + Math.floor(i / area)] ?? 0));
    });
    expect(largestDifference(result, planes)).toBeLessThan(1e-5);
  });
});
