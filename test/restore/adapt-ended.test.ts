import { expect, test } from 'vitest';
import { openDenoiser } from '#src/api/index.js';
import { adaptingOf } from '#src/restore/anywhere.js';
import { createRuntime } from '#src/runtime/node/index.js';
import type { Picture } from '#src/pixels/index.js';
import { scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';

const noisy: Picture = {
  ...withNoise(scene(160, 128), () => 14 / 255),
  ...{ bitDepth: 8, format: 'png', metadata: {} },
};
const given = {
  inputs: [noisy],
  noisy: async (picture: Picture) => picture,
  contents: async () => ({ pictures: [noisy] }),
};

async function packaged(weights: 'general' | 'self-supervised') {
  await using denoiser = await openDenoiser({ weights, adapt: false, device: 'cpu', threads: 1 });
  return denoiser.weights;
}

test('learning that is finished while it finds out about the noise ends there, with what there was', async () => {
  const start = await packaged('general');
  await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
  const notes: string[] = [];
  const finish = new AbortController();
  const learn = adaptingOf(
    {
      finish: finish.signal,
      onCalibration: () => finish.abort(),
      onProgress: (progress) => void (progress.kind === 'note' && notes.push(progress.message)),
    },
    start,
  );
  expect(await learn(runtime, given)).toBe(start);
  expect(notes.at(-1)).toBe('Nothing is learnt: it was ended before the noise was known');
  const signal = AbortSignal.abort(new Error('given up'));
  await expect(adaptingOf({ signal, finish: finish.signal }, start)(runtime, given)).rejects.toThrow(
    'given up',
  );
});

test('SDAP that is finished before its first step gives what there was', async () => {
  const start = await packaged('self-supervised');
  await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
  const learn = adaptingOf({ finish: AbortSignal.abort(), patch: 30, batch: 1 }, start);
  expect(await learn(runtime, given)).toBe(start);
});
