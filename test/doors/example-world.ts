import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { convertWeights, openMeasure, type OpenMeasure, readPicture } from 'revela';
import { shippedDenoiserPath } from 'revela/models';
import { draw, samples } from '../images/drawing.js';

/** MS-SSIM needs 161. */
const side = 164;

/** The pictures that examples speak of. */
const pictures = [
  ...['photo.jpg', 'small.jpg', 'clean.png', 'denoised.png', 'original.png', 'upscaled.png'],
  ...['photos/1.png', 'shots/IMG_1.JPG', 'shots/IMG_2.JPG', 'holiday/2024/IMG_1.JPG', 'scans/1.tif'],
  ...['polyu/1_real.JPG', 'polyu/1_mean.JPG', 'sidd5/noisy/1.png', 'sidd5/clean/1.png'],
  ...['set5/GTmod12/1.png', 'set14/1_HR.png', 'set14/1_LR.png'],
];

/** Puts what examples speak of into the current folder; gives what they are given. */
export async function layOut(): Promise<object> {
  for (const name of pictures) {
    const size = name.endsWith('LR.png') ? side / 4 : side;
    const drawn = draw(size, size, 3, samples(size * size * 3, 8));
    await mkdir(dirname(name), { recursive: true });
    const kind = name.endsWith('.png') ? 'png' : name.endsWith('.tif') ? 'tiff' : 'jpeg';
    await writeFile(name, await drawn.toFormat(kind).toBuffer());
  }
  for (const name of ['denoiser.safetensors', 'garden.safetensors', 'net_g.pth', 'net.pth'])
    await convertWeights(shippedDenoiserPath(), name);
  const picture = await readPicture('photo.jpg');
  const [original, upscaled] = [picture, await readPicture('photo.jpg')];
  const files = ['shots/IMG_1.JPG', 'shots/IMG_2.JPG'];
  let opened: Promise<OpenMeasure> | undefined;
  const scorer = (): Promise<OpenMeasure> => {
    opened ??= openMeasure('revela');
    return opened;
  };
  return {
    ...{ picture, original, upscaled, files, paths: files, names: files, path: 'denoiser.safetensors' },
    ...{ restored: picture.data, error: new Error('no'), bytes: new Uint8Array(9) },
    ...{ scores: [1, 2, 3, 4, 5, 6], opinions: [1, 3, 2, 4, 6, 5] },
    made: new Float32Array(4 * 3 * 64 * 64).fill(0.5),
    wanted: new Float32Array(4 * 3 * 64 * 64).fill(0.25),
    scorer: { map: async (file: string) => (await scorer()).map?.(file) },
    close: async () => (await opened)?.close(),
  };
}
