import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { convertWeights, saveUpscalerWeights, trainUpscaler } from 'revela';
import * as engine from 'revela/engine';
import { shippedDenoiserPath } from 'revela/models';
import { shippedNiqePath } from '#src/models/index.js';
import { writeIlNiqeModel } from '#src/quality/index.js';
import { writeSafetensors } from '#src/weights/index.js';
import { photograph } from '../cli/command.js';
import { madeBackbone, madeHeads, stored } from '../models/distances.js';
import { writeWordyClip } from '../models/small-clips.js';
import { randomUpscaler } from '../models/upscalers.js';
import { writeBrisque } from '../quality/made-brisque.js';
import { root } from './example-modules.js';
import { layOut } from './example-world.js';

/** The pictures that pages speak of, beside those of comments, by their side: what is learnt from is small, NIQE needs more. */
const pictures: Readonly<Record<number, readonly string[]>> = {
  64: ['night.jpg'],
  48: ['a.jpg', 'b.jpg', 'c.jpg', 'sidd/1.png', 'val/noisy/1.png', 'val/clean/1.png'],
  200: ['photo.jpg', 'a.png', ...['2', '3', '4', '5'].map((name) => `photos/${name}.png`), 'others/1.png'],
  480: ['many-patches/1.png', 'many-patches/2.png'],
};

/** What was fitted to no photograph: IL-NIQE's model with so many components, and BRISQUE's. */
async function writeQualityModels(): Promise<void> {
  const [kept, features] = [3, 468];
  const covariance = new Float64Array(kept ** 2);
  for (let k = 0; k < kept; k++) covariance[k * (kept + 1)] = 1;
  await writeIlNiqeModel('templateModel.mat', {
    centre: new Float64Array(features),
    components: new Float64Array(kept * features).map((_, i) => Math.sin(i)),
    distribution: { mean: new Float64Array(kept), covariance },
  });
  await writeBrisque('.');
  // What a file is, is read from it, and not from its name.
  await copyFile(shippedNiqePath(), 'niqe_pris_params.npz');
}

/** Networks that others publish, small or with made numbers. */
async function writeNetworks(): Promise<void> {
  await convertWeights(shippedDenoiserPath(), 'net_g_latest.pth');
  await convertWeights(shippedDenoiserPath('self-supervised'), 'sdap.safetensors');
  const enlarging = randomUpscaler('srvggnet', { num_feat: 8, num_conv: 2, upscale: 4 });
  await saveUpscalerWeights('own.safetensors', enlarging);
  await convertWeights('own.safetensors', 'realesr-animevideov3.pth');
  await writeSafetensors('vgg.pth', { tensors: stored(madeHeads('vgg')), metadata: {} });
  await writeSafetensors('vgg16-397923af.pth', { tensors: stored(madeBackbone('vgg')), metadata: {} });
}

/** The method of docs/plug-ins.md. */
async function diagonal(): Promise<unknown> {
  const page = await readFile(join(root, 'docs/plug-ins.md'), 'utf8');
  await writeFile('diagonal.mjs', /^```js\n([\s\S]*?)^```/m.exec(page)?.[1] ?? '');
  const file = pathToFileURL(resolve('diagonal.mjs')).href;
  const { default: make }: { default: (given: typeof engine) => unknown } = await import(
    /* @vite-ignore */ file
  );
  return make(engine);
}

/** What a page takes that others make: runs of trainings. */
export const readyFor: Readonly<Record<string, () => Promise<void>>> = {
  'docs/evaluation.md': async () => {
    await mkdir('runs/pixel', { recursive: true });
    await copyFile('own.safetensors', 'runs/pixel/weights.safetensors');
  },
  'docs/sfd-iqa.md': async () => {
    await writeWordyClip('RN50.pt');
    const sfd = { stage: 'sfd', from: 'own.safetensors', clip: 'RN50.pt', output: 'runs/sfd' } as const;
    await trainUpscaler({ ...sfd, pictures: ['photos/'], steps: 1, patch: 64, batch: 1, promptPairs: 1 });
  },
};

/** Puts what the pages speak of into the current folder, which is that of models too; gives what they are given. */
export async function layOutPages(): Promise<object> {
  process.env['REVELA_MODELS'] = resolve('models');
  const given = await layOut();
  for (const [side, names] of Object.entries(pictures))
    for (const name of names) {
      await mkdir(dirname(name), { recursive: true });
      await photograph(Number(side), Number(side)).toFile(name);
    }
  const opinions = ['1', '2', '3', '4', '5'].map((name, i) => `${name}.png,${i + 1}`);
  await writeFile('mos.csv', ['image,mos', ...opinions, ''].join('\n'));
  await writeQualityModels();
  await writeNetworks();
  const area = 4 * 3 * 128 * 128;
  const batch = (value: number) =>
    ({ data: new Float32Array(area).fill(value), shape: [4, 3, 128, 128] }) as const;
  const runtime = await engine.createRuntime({ device: 'cpu', threads: 1 });
  return {
    ...given,
    ...{
      runtime,
      diagonal: await diagonal(),
      outputs: batch(0.5),
      targets: batch(0.25),
      numbers: batch(0.5).data,
    },
    ...{ paths: ['many-patches/1.png', 'many-patches/2.png'], files: ['small.jpg'] },
    ...{ bytes: await readFile('a.png'), signal: new AbortController().signal },
    ...{ values: new Float32Array(3 * 32 * 32).fill(0.5), height: 32, width: 32 },
    request: new Request('http://localhost/', { method: 'POST', body: await readFile('small.jpg') }),
    response: { end: (body: Uint8Array) => body.length },
    async close() {
      await runtime.close();
      if ('close' in given && typeof given.close === 'function') await given.close();
    },
  };
}
