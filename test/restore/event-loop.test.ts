import { beforeAll, describe, expect, test } from 'vitest';
import { compare, degrade, denoise, score, upscale } from '#src/api/index.js';
import { readPicture, writePicture } from '#src/images/index.js';
import { shippedUpscalerPath } from '#src/models/index.js';
import { longestWork, tellsWork } from '../longest-work.js';
import { noisyPicture } from '../models/denoisers.js';
import { temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();

/** Milliseconds of work at once that hold nobody up; the same for pictures of all sizes, which is what is looked at here. */
const MOST = 200;

/** So many pixels take their time where other processes work too. */
const PATIENCE = 600_000;

/** Stops work once the network has seen a tile: the others are like it. */
function untilFirstTile() {
  const controller = new AbortController();
  const onProgress = (event: { readonly kind: string }): void => {
    if (event.kind === 'denoising' || event.kind === 'upscaling') controller.abort();
  };
  return { signal: controller.signal, onProgress };
}

describe.skipIf(!tellsWork)('a picture of 12 megapixels does not hold the caller up', () => {
  beforeAll(async () => {
    const { data: grain, ...facts } = noisyPicture(97, 131);
    const data = new Float32Array(3 * 4000 * 3000).map((_, i) => grain[i % grain.length] ?? 0);
    const picture = { ...facts, width: 4000, height: 3000, data };
    const cost = await longestWork(() => writePicture(path('a.png'), picture));
    expect(cost).toBeLessThan(MOST);
    await writePicture(path('b.png'), { ...picture, data: picture.data.map((value) => 0.9 * value) });
  }, PATIENCE);

  const verbs: Readonly<Record<string, () => Promise<unknown>>> = {
    'when it is read': () => readPicture(path('a.png')),
    'when it is denoised': () => {
      const { signal, onProgress } = untilFirstTile();
      return denoise(path('a.png'), { adapt: false, bare: true, tile: 256, signal, onProgress }).catch(
        () => undefined,
      );
    },
    'when it is enlarged': () => {
      const { signal, onProgress } = untilFirstTile();
      return upscale(path('a.png'), {
        weights: shippedUpscalerPath('faithful'),
        tile: 128,
        signal,
        onProgress,
      }).catch(() => undefined);
    },
    'when it is scored': () => score(path('a.png')),
    'when it is compared': () => compare(path('a.png'), path('b.png'), { metrics: ['psnr'] }),
    'when it is degraded': () => degrade(path('a.png'), { kind: 'photo' }),
  };

  test.each(Object.entries(verbs))(
    '%s',
    async (_what, work) => {
      expect(await longestWork(work)).toBeLessThan(MOST);
    },
    PATIENCE,
  );
});
