import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type Picture, readPicture } from '#src/images/index.js';
import { loadUpscalerWeights, openDenoiser, openUpscaler, shippedUpscalerPath } from '#src/api/index.js';
import { loadDenoiserWeights, shippedDenoiserPath } from '#src/models/index.js';
import { noiseBeforeEnlarging, type Progress, upscalerFor } from '#src/apply/index.js';
import { withoutJpeg } from '#src/denoise/compression/without-jpeg.js';
import { flatBesideEdges } from '#src/denoise/measure-noise/flat-beside-edges.js';
import { drawn } from '../denoise/compression/drawn.js';
import { inBytes, scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';

const clean: Picture = { ...inBytes(scene()), bitDepth: 8, format: 'png', metadata: {} };
const noisy: Picture = { ...withNoise(scene(), () => 14 / 255), bitDepth: 8, format: 'png', metadata: {} };

/** Lettering and shapes, as a screenshot has them: as it is, and as JPEG leaves it, kept without loss. */
async function drawing(quality?: number): Promise<Picture> {
  const lines = Array.from(
    { length: 8 },
    (_, i) =>
      `<rect x="${8 + 9 * i}" y="${20 + 22 * i}" width="120" height="9" rx="3" fill="#223"/><circle cx="${220 + 5 * i}" cy="${24 + 22 * i}" r="7" fill="#c22"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#fff"/>${lines.join('')}</svg>`;
  const png = sharp(Buffer.from(svg)).png();
  const bytes = await (quality === undefined
    ? png.toBuffer()
    : sharp(await png.toBuffer())
        .jpeg({ quality })
        .toBuffer());
  return { ...(await readPicture(bytes)), format: 'png' };
}

const noiseOf = (picture: Picture) => noiseBeforeEnlarging(picture, picture);

const chooseUpscaler = async (picture: Picture) => upscalerFor((await noiseOf(picture))?.noise, picture);

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
  test('is faithful for a drawing with nothing beside its edges, else photo', async () => {
    const drawn = await drawing();
    expect(flatBesideEdges(drawn)).toBeGreaterThan(0.95);
    expect(await chooseUpscaler(drawn)).toEqual({ name: 'faithful', reason: 'it is a clean drawing' });
    expect((await chooseUpscaler({ ...drawn, format: 'webp', lossless: true })).name).toBe('faithful');
    expect((await chooseUpscaler({ ...drawn, format: 'webp' })).name).toBe('photo');
    const fromJpeg = await chooseUpscaler({ ...drawn, format: 'jpeg' });
    expect(fromJpeg).toEqual({ name: 'photo', reason: 'it comes from a file that loses detail (JPEG)' });
    // Its rings are there, whatever file it lies in now.
    const compressed = await drawing(90);
    expect(flatBesideEdges(compressed)).toBeLessThan(0.5);
    expect((await chooseUpscaler(compressed)).name).toBe('photo');
  });

  test('is photo for photographs, and where there is noise', async () => {
    expect(flatBesideEdges(clean)).toBeLessThan(0.2);
    expect(await chooseUpscaler(clean)).toEqual({
      name: 'photo',
      reason: 'it may be a photograph that has lost detail',
    });
    // Nothing can be told of a picture without edges.
    expect(flatBesideEdges({ ...clean, data: new Float32Array(clean.data.length).fill(0.5) })).toBe(0);
    const { name, reason } = await chooseUpscaler(noisy);
    expect(name).toBe('photo');
    expect(reason).toMatch(/^it has noise, \d+\.\d of 255, which is taken away first$/);
    expect((await noiseOf(noisy))?.strength).toBe(1);
    expect(await noiseOf(clean)).toBeUndefined();
  });

  test('is told, and enlarges; `weights` decides', async () => {
    const notes: string[] = [];
    const onProgress = (event: Progress) => void (event.kind === 'note' && notes.push(event.message));
    const { alpha: _, ...drawn } = await drawing();
    const small: Picture = { ...drawn, ...partOf(drawn, 112) };
    await using chosen = await openUpscaler({ device: 'cpu', threads: 1, onProgress });
    const results = [await chosen.upscale(small), await chosen.upscale({ ...small, format: 'jpeg' })];
    expect(notes.filter((note) => note.includes('enlarged by'))).toEqual([
      'picture 1: enlarged by faithful, as it is a clean drawing',
      'picture 2: enlarged by photo, as it comes from a file that loses detail (JPEG)',
    ]);
    for (const [i, weights] of (['faithful', 'photo'] as const).entries()) {
      await using named = await openUpscaler({ device: 'cpu', threads: 1, weights });
      expect((await named.upscale(small)).data).toEqual(results[i]?.data);
    }
  });

  test('what JPEG put into a picture is taken away before photo enlarges it, and that is told', async () => {
    const notes: string[] = [];
    const onProgress = (event: Progress) => void (event.kind === 'note' && notes.push(event.message));
    const kept = await readPicture(await drawn().jpeg({ quality: 60 }).toBuffer());
    const { width, height, channels, data } = kept;
    const without = withoutJpeg({ width, height, channels, data });
    expect(without?.coarseness).toBeCloseTo(0.8, 1);
    const options = { device: 'cpu', threads: 1, onProgress } as const;
    await using photo = await openUpscaler({ ...options, weights: 'photo' });
    const enlarged = await photo.upscale(kept);
    expect(notes.filter((note) => note.includes('JPEG'))).toEqual([
      'picture 1: what JPEG of about quality 60 put into it is taken away first',
    ]);
    expect((await photo.upscale({ ...kept, data: without?.data ?? data })).data).toEqual(enlarged.data);
    await using faithful = await openUpscaler({ ...options, weights: 'faithful' });
    await faithful.upscale(kept);
    expect(notes.filter((note) => note.includes('JPEG'))).toHaveLength(1);
  });

  test('photo enlarges what the general denoiser has cleaned, named or chosen', async () => {
    const machine = { device: 'cpu', threads: 1 } as const;
    const part: Picture = { ...noisy, ...partOf(noisy, 96) };
    expect(await noiseOf(part)).toBeDefined();
    const photo = await loadUpscalerWeights(shippedUpscalerPath('photo'));
    // The same tensors that do not come from the package's file are somebody's own.
    const own = { ...photo, parameters: { ...photo.parameters } };
    await using chosen = await openUpscaler(machine);
    await using named = await openUpscaler({ ...machine, weights: 'photo' });
    await using alone = await openUpscaler({ ...machine, weights: own, sharpen: 100 });
    // Weights of this method ask no second network, as enlarging does not.
    const general = { ...(await loadDenoiserWeights(shippedDenoiserPath())), method: 'distilled' };
    await using denoising = await openDenoiser({ ...machine, weights: general, adapt: false });
    const result = (await chosen.upscale(part)).data;
    expect((await named.upscale(part)).data).toEqual(result);
    expect((await alone.upscale(part)).data).not.toEqual(result);
    expect((await alone.upscale(await denoising.denoise(part))).data).toEqual(result);
  });
});
