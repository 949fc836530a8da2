import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { degrade, loadDenoiserWeights, openDenoiser, trainDenoiser } from '#src/api/index.js';
import { writePicture } from '#src/images/index.js';
import { expectRefusal, pictureOf, temporaryFolder } from '../images/drawing.js';

const { path } = temporaryFolder();
const small = { method: 'supervised', baseChannels: 4, modules: 1, patch: 32, batch: 2 } as const;
const machine = { device: 'cpu', threads: 1 } as const;

beforeAll(async () => {
  for (const name of ['a', 'b']) {
    const picture = pictureOf(72, 64);
    await writePicture(path(`${name}_clean.png`), picture);
    await writePicture(
      path(`${name}_noisy.png`),
      await degrade(picture, { kind: 'camera-noise', amount: 60 }),
    );
  }
  await writePicture(path('small_clean.png'), pictureOf(48, 48));
  await writePicture(path('small_noisy.png'), pictureOf(56, 48));
});

describe('supervised training', () => {
  it('learns from clean pictures that a model makes noisy, and its weights denoise in one pass', async () => {
    const output = path('model');
    const run = { ...small, ...machine, pictures: [path('?_clean.png')], output, steps: 3 };
    const { weights, best } = await trainDenoiser(run);
    expect(weights).toMatchObject({ method: 'supervised', record: { steps: 3 } });
    expect(best?.loss).toBeGreaterThan(0);
    const loaded = await loadDenoiserWeights(join(output, 'weights.safetensors'));
    expect(loaded.description.config).toMatchObject({ width: 4, blocks: 1 });
    const denoising = await openDenoiser({ ...machine, weights: loaded, adapt: false });
    const { width, height, data } = await denoising.denoise(path('a_noisy.png'));
    await denoising.close();
    expect([width, height]).toEqual([72, 64]);
    expect(data.every(Number.isFinite)).toBe(true);
  });

  it('learns from pairs of one’s own', async () => {
    const { weights, best } = await trainDenoiser({
      ...{ ...small, ...machine, output: path('pairs'), steps: 4 },
      ...{ pictures: [path('?_noisy.png')], clean: [path('?_clean.png')] },
    });
    // After four steps the weights make the pictures worse, and such are never the best.
    expect(best).toBeUndefined();
    expect(weights.record.validationPsnr).toBeGreaterThan(4);
    expect(weights.record.steps).toBe(4);
  });

  it('refuses what does not fit', async () => {
    const run = { ...small, ...machine, output: path('refused'), steps: 1 };
    await expectRefusal(
      trainDenoiser({ ...run, pictures: [path('small_noisy.png')], clean: [path('small_clean.png')] }),
      'small_noisy.png',
      '56×48',
    );
    await expectRefusal(
      trainDenoiser({
        ...run,
        method: 'sdap',
        patch: 30,
        pictures: [path('a_noisy.png')],
        clean: [path('a_clean.png')],
      }),
      '`clean` is for `method` supervised',
    );
    await expectRefusal(trainDenoiser({ ...run, pictures: [path('a_clean.png')], patch: 96 }), 'patch');
  });
});
