import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect } from 'vitest';
import { writePicture } from '#src/images/index.js';
import { trainUpscaler, type TrainUpscalerOptions } from '#src/api/index.js';
import { readSafetensors, writeSafetensors } from '#src/weights/index.js';
import { temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';

export const path = temporaryFolder();

export const smallClip = fileURLToPath(
  new URL('../fixtures/networks/clip_resnet_small.safetensors', import.meta.url),
);

export let files: readonly string[] = [];

beforeAll(async () => {
  files = [path('a.png'), path('b.png'), path('tiny.png')];
  await writePicture(path('a.png'), noisyPicture(90, 70));
  await writePicture(path('b.png'), noisyPicture(66, 81));
  await writePicture(path('tiny.png'), noisyPicture(30, 90));
  await writePicture(path('large.png'), noisyPicture(45, 46));
  const fixture = await readSafetensors(smallClip);
  const tensors = [...fixture.tensors].filter(([name]) => name.startsWith('param/'));
  await writeSafetensors(path('clip.safetensors'), {
    tensors: new Map(tensors.map(([name, tensor]) => [name.slice('param/'.length), tensor])),
    metadata: {},
  });
  await trainUpscaler(pixel('start', { steps: 2 }));
});

export const pixel = (run: string, changes: Partial<TrainUpscalerOptions> = {}): TrainUpscalerOptions => ({
  pictures: files,
  baseChannels: 8,
  modules: 2,
  patch: 64,
  batch: 2,
  steps: 6,
  device: 'cpu',
  threads: 1,
  output: path(run),
  ...changes,
});

export const sfd = (run: string, changes: Partial<TrainUpscalerOptions> = {}): TrainUpscalerOptions => {
  const { baseChannels, modules, ...others } = pixel(run, { stage: 'sfd', from: path('start'), ...changes });
  return { clip: path('clip.safetensors'), ...others };
};

/** Trains to the end, and again with a stop after some steps; the files of both. */
export async function stoppedAndWhole(
  options: (run: string, changes: Partial<TrainUpscalerOptions>) => TrainUpscalerOptions,
  name: string,
  result: string,
): Promise<[Buffer, Buffer]> {
  await trainUpscaler(options(`${name}-whole`, {}));
  const stop = new AbortController();
  const part = await trainUpscaler(
    options(`${name}-stopped`, {
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.kind === 'training' && progress.step === 2) stop.abort();
      },
    }),
  );
  expect(part.finished).toBe(false);
  await trainUpscaler({ resume: path(`${name}-stopped`), device: 'cpu', threads: 1 });
  return [await readFile(path(`${name}-whole`, result)), await readFile(path(`${name}-stopped`, result))];
}
