import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bicubicResize } from '#src/pixels/index.js';
import { type Picture, readPicture } from '#src/images/index.js';
import {
  loadUpscalerWeights,
  openUpscaler,
  shippedUpscalers,
  type UpscaleOptions,
  upscale,
} from '#src/api/index.js';
import { psnr } from '#src/quality/index.js';
import type { Progress } from '#src/apply/index.js';
import { inBytes, scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';
import { sharedFolder } from '../shared.js';
import { refusal } from '../weights/files.js';

const cpu = { device: 'cpu', threads: 1 } as const;

/** A part of a drawn picture of 8 bits. */
function partOf({ width, height, channels, data }: ReturnType<typeof scene>): Picture {
  const [x, y, side] = [width >> 2, height >> 2, 48];
  const part = Float32Array.from({ length: channels * side * side }, (_, i) => {
    const [row, column] = [Math.floor(i / side) % side, i % side];
    const plane = Math.floor(i / side / side) * width * height;
    return data[plane + (y + row) * width + x + column] ?? 0;
  });
  const picture = { width: side, height: side, channels, data: part };
  return { ...inBytes(picture), bitDepth: 8, format: 'png', metadata: {} };
}

const clean = partOf(scene());
const noisy = partOf(withNoise(scene(), () => 14 / 255));

/** How near a large picture that is made small comes to the small one, in dB, without rounding. */
function consistency({ data, width, height, channels }: Picture, small: Picture): number {
  const again = bicubicResize(data, { channels, width, height }, small);
  const square = again.reduce((sum, value, i) => sum + (value - (small.data[i] ?? Number.NaN)) ** 2, 0);
  return -10 * Math.log10(square / again.length);
}

describe('faithful', () => {
  test.each([4, 3, 2])(
    'enlarges so that its result, made small again, is the picture: by %i',
    async (scale) => {
      const result = await upscale(clean, { ...cpu, weights: 'faithful', scale });
      expect(consistency(result, clean)).toBeGreaterThan(60);
      // The network by itself: a copy of its weights is no longer what the package ships.
      const alone = { ...(await loadUpscalerWeights('faithful')) };
      const raw = await upscale(clean, { ...cpu, weights: alone, scale });
      expect(consistency(raw, clean)).toBeLessThan(consistency(result, clean) - 10);
    },
  );

  test('is nearer to the truth for it', async (context) => {
    const set5 = sharedFolder(context, 'data', 'set5');
    const alone = { ...(await loadUpscalerWeights('faithful')) };
    for (const name of ['butterfly.png', 'head.png']) {
      const truth = await readPicture(join(set5, 'GTmod12', name));
      const small = join(set5, 'LRbicx4', name);
      const before = psnr(await upscale(small, { ...cpu, weights: alone }), truth);
      const after = psnr(await upscale(small, { ...cpu, weights: 'faithful' }), truth);
      expect(after).toBeGreaterThan(before);
    }
  });
});

describe('--denoise', () => {
  test('says how much of what photo takes away stays away', async () => {
    const photo = await loadUpscalerWeights('photo');
    const by = (denoise: number) => upscale(noisy, { ...cpu, weights: photo, denoise });
    const alone = await upscale(noisy, { ...cpu, weights: photo });
    expect((await by(100)).data).toEqual(alone.data);
    const away = [alone, await by(75), await by(40), await by(0)].map((result) => consistency(result, noisy));
    expect(away).toEqual([...away].sort((a, b) => a - b));
    expect((away[3] ?? 0) - (away[0] ?? 0)).toBeGreaterThan(3);
    // What comes back is bicubic's grain, in proportion: halfway between both is 50.
    const [all, half] = [await by(0), await by(50)];
    const between = alone.data.map((value, i) => (value + (all.data[i] ?? Number.NaN)) / 2);
    const far = half.data.filter((value, i) => Math.abs(value - (between[i] ?? Number.NaN)) > 1e-3).length;
    // Where values were clamped it is not.
    expect(far / half.data.length).toBeLessThan(0.01);
  });

  test('takes photo where no weights are named', async () => {
    const notes: string[] = [];
    const onProgress = (event: Progress) => void (event.kind === 'note' && notes.push(event.message));
    const weights = await shippedUpscalers();
    await using upscaling = await openUpscaler({ ...cpu, weights, denoise: 30, onProgress });
    const result = await upscaling.upscale(clean);
    expect(notes).toContain('picture 1: enlarged by photo, as it is said how much is to be cleaned');
    expect(result.data).toEqual((await upscale(clean, { ...cpu, weights: 'photo', denoise: 30 })).data);
  });

  test.each<readonly [Partial<UpscaleOptions>, RegExp]>([
    [{ denoise: 101 }, /^`denoise` must be a number from 0 to 100, got 101$/],
    [{ denoise: Number.NaN }, /^`denoise` must be a number from 0 to 100, got NaN$/],
    [{ denoise: 50, weights: 'faithful' }, /^`denoise` is for upscalers that clean, and faithful takes/],
  ])('is refused in one line: %j', async (options, message) => {
    expect(await refusal(() => upscale(clean, { ...cpu, ...options }))).toMatch(message);
  });
});
