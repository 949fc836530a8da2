import { describe, expect, test } from 'vitest';
import type { Picture } from '#src/images/index.js';
import { chooseUpscaler } from '#src/library/choose-upscaler.js';
import { openUpscaling } from '#src/library/index.js';
import type { Progress } from '#src/training/index.js';
import { inBytes, scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';

const clean: Picture = { ...inBytes(scene()), bitDepth: 8, format: 'png', metadata: {} };
const noisy: Picture = { ...withNoise(scene(), () => 14 / 255), bitDepth: 8, format: 'png', metadata: {} };

describe('the upscaler of a picture', () => {
  test('is photo where there is noise or the file loses detail, else faithful', async () => {
    expect(await chooseUpscaler(clean)).toEqual({ name: 'faithful', reason: 'it is clean' });
    const { name, reason } = await chooseUpscaler(noisy);
    expect(name).toBe('photo');
    expect(reason).toMatch(/^it has noise, \d+\.\d of 255$/);
    const fromJpeg = await chooseUpscaler({ ...clean, format: 'jpeg' });
    expect(fromJpeg).toEqual({ name: 'photo', reason: 'it comes from a file that loses detail (JPEG)' });
    expect((await chooseUpscaler({ ...clean, format: 'webp', lossless: true })).name).toBe('faithful');
    expect((await chooseUpscaler({ ...clean, format: 'webp' })).name).toBe('photo');
  });

  test('is told, and enlarges; --weights decides', async () => {
    const notes: string[] = [];
    const onProgress = (event: Progress) => void (event.kind === 'note' && notes.push(event.message));
    const small: Picture = {
      ...{ ...clean, width: 24, height: 20, data: new Float32Array(3 * 480).fill(0.5) },
    };
    await using chosen = await openUpscaling({ device: 'cpu', threads: 1, onProgress });
    const results = [await chosen.picture(small), await chosen.picture({ ...small, format: 'jpeg' })];
    expect(notes.filter((note) => note.includes('enlarged by'))).toEqual([
      'picture 1: enlarged by faithful, as it is clean',
      'picture 2: enlarged by photo, as it comes from a file that loses detail (JPEG)',
    ]);
    for (const [i, weights] of (['faithful', 'photo'] as const).entries()) {
      await using named = await openUpscaling({ device: 'cpu', threads: 1, weights });
      expect((await named.picture(small)).data).toEqual(results[i]?.data);
    }
  });
});
