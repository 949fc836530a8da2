import { describe, expect, test } from 'vitest';
import type { Picture } from '#src/images/index.js';
import { chooseUpscaler } from '#src/restore/upscale/choose-upscaler.js';
import { loadUpscalerWeights, openDenoiser, openUpscaler, shippedUpscalerPath } from '#src/api/index.js';
import type { Progress } from '#src/apply/index.js';
import { inBytes, scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';

const clean: Picture = { ...inBytes(scene()), bitDepth: 8, format: 'png', metadata: {} };
const noisy: Picture = { ...withNoise(scene(), () => 14 / 255), bitDepth: 8, format: 'png', metadata: {} };

/** The upper left square of a picture. */
function partOf({ data, width, height }: Picture, side: number) {
  const part = new Float32Array(3 * side * side);
  for (let row = 0; row < 3 * side; row++) {
    const first = (Math.floor(row / side) * height + (row % side)) * width;
    part.set(data.subarray(first, first + side), row * side);
  }
  return { width: side, height: side, data: part };
}

describe('the upscaler of a picture', () => {
  test('is photo where there is noise or the file loses detail, else faithful', async () => {
    expect(await chooseUpscaler(clean)).toEqual({ name: 'faithful', reason: 'it is clean' });
    const { name, reason, noisy: measured } = await chooseUpscaler(noisy);
    expect(name).toBe('photo');
    expect(reason).toMatch(/^it has noise, \d+\.\d of 255, which is taken away first$/);
    expect(measured?.strength).toBe(1);
    const fromJpeg = await chooseUpscaler({ ...clean, format: 'jpeg' });
    expect(fromJpeg).toEqual({ name: 'photo', reason: 'it comes from a file that loses detail (JPEG)' });
    expect((await chooseUpscaler({ ...clean, format: 'webp', lossless: true })).name).toBe('faithful');
    expect((await chooseUpscaler({ ...clean, format: 'webp' })).name).toBe('photo');
  });

  test('is told, and enlarges; `weights` decides', async () => {
    const notes: string[] = [];
    const onProgress = (event: Progress) => void (event.kind === 'note' && notes.push(event.message));
    const small: Picture = {
      ...{ ...clean, width: 24, height: 20, data: new Float32Array(3 * 480).fill(0.5) },
    };
    await using chosen = await openUpscaler({ device: 'cpu', threads: 1, onProgress });
    const results = [await chosen.upscale(small), await chosen.upscale({ ...small, format: 'jpeg' })];
    expect(notes.filter((note) => note.includes('enlarged by'))).toEqual([
      'picture 1: enlarged by faithful, as it is clean',
      'picture 2: enlarged by photo, as it comes from a file that loses detail (JPEG)',
    ]);
    for (const [i, weights] of (['faithful', 'photo'] as const).entries()) {
      await using named = await openUpscaler({ device: 'cpu', threads: 1, weights });
      expect((await named.upscale(small)).data).toEqual(results[i]?.data);
    }
  });

  test('photo enlarges what the general denoiser has cleaned, named or chosen', async () => {
    const machine = { device: 'cpu', threads: 1 } as const;
    const part: Picture = { ...noisy, ...partOf(noisy, 96) };
    const { noisy: intended } = await chooseUpscaler(part);
    expect(intended).toBeDefined();
    const photo = await loadUpscalerWeights(shippedUpscalerPath('photo'));
    // The same tensors that do not come from the package's file are somebody's own.
    const own = { ...photo, parameters: { ...photo.parameters } };
    await using chosen = await openUpscaler(machine);
    await using named = await openUpscaler({ ...machine, weights: 'photo' });
    await using alone = await openUpscaler({ ...machine, weights: own });
    await using denoising = await openDenoiser({ ...machine, adapt: false });
    const result = (await chosen.upscale(part)).data;
    expect((await named.upscale(part)).data).toEqual(result);
    expect((await alone.upscale(part)).data).not.toEqual(result);
    expect((await alone.upscale(await denoising.denoise(part))).data).toEqual(result);
  });
});
