import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clipStateDictShapes, vgg16Parameters } from '../dist/networks/index.js';
import { trainIlNiqe, trainUpscaler, writePicture } from '../dist/index.js';
import { writeSafetensors } from '../dist/weights/index.js';
import { clipRn50 } from './networks.mjs';

/** Numbers as wide as He's, the same every time. */
function drawn(shapes) {
  let state = 7;
  const tensors = new Map();
  for (const [key, shape] of shapes) {
    const length = shape.reduce((product, side) => product * side, 1);
    const spread = shape.length > 1 ? Math.sqrt(6 / (length / shape[0])) : 0.1;
    const middle = shape.length === 1 && /weight$|var$/.test(key) ? 1 : 0;
    const data = new Float32Array(length);
    for (let i = 0; i < length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      data[i] = middle + spread * (state / 2 ** 31);
    }
    tensors.set(key, { dtype: 'F32', shape, data });
  }
  return { tensors, metadata: {} };
}

async function once(path, make) {
  if (!existsSync(path)) await make(path);
  return path;
}

/** The network that DISTS looks through, with made weights. */
export const madeVgg16 = (folder) =>
  once(join(folder, 'vgg16.safetensors'), (path) =>
    writeSafetensors(path, drawn([...vgg16Parameters()].map(([key, { shape }]) => [key, shape]))),
  );

/** A CLIP as large as OpenAI's RN50, with made weights: 408 MB. */
export const madeClip = (folder) =>
  once(join(folder, 'clip.safetensors'), (path) =>
    writeSafetensors(path, drawn(clipStateDictShapes(clipRn50))),
  );

/** A picture of a pattern that is nowhere the same. */
function drawnPicture(side) {
  const data = Float32Array.from({ length: 3 * side * side }, (_, i) => 0.5 + 0.4 * Math.sin(i * i));
  return { width: side, height: side, channels: 3, data, bitDepth: 8, format: 'png', metadata: {} };
}

/** IL-NIQE's model of good photographs, fitted on made pictures. */
export const madeIlNiqe = (folder) =>
  once(join(folder, 'il-niqe.safetensors'), async (output) => {
    await writePicture(join(folder, 'good', 'one.png'), drawnPicture(524));
    const pictures = [join(folder, 'good'), join(folder, 'truth.png'), join(folder, 'noisy.png')];
    await trainIlNiqe({ pictures, output, sharpness: 0 });
  });

/** Judges of one step, made with {@link madeClip}. */
export async function madeJudges(folder) {
  const output = join(folder, 'sfd');
  if (existsSync(output)) return output;
  await writePicture(join(folder, 'photos', 'one.png'), drawnPicture(160));
  const common = {
    pictures: [join(folder, 'photos')],
    patch: 64,
    batch: 1,
    steps: 1,
    device: 'cpu',
    threads: 1,
  };
  await trainUpscaler({ ...common, baseChannels: 8, modules: 2, output: join(folder, 'start') });
  const clip = await madeClip(folder);
  await trainUpscaler({ ...common, stage: 'sfd', from: join(folder, 'start'), clip, output });
  return output;
}
