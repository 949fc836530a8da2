import { expect, test } from 'vitest';
import { openDenoiser } from '#src/api/index.js';
import { adaptingOf, type AdaptingState } from '#src/restore/anywhere.js';
import { createRuntime } from '#src/runtime/node/index.js';
import type { Picture } from '#src/pixels/index.js';
import { scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';

const LONG = 600_000;

const noisy: Picture = {
  ...withNoise(scene(64, 64), () => 14 / 255),
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

test(
  'learning that is finished while it finds out about the noise ends there, with what there was',
  async () => {
    const start = await packaged('general');
    await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
    const notes: string[] = [];
    const finish = new AbortController();
    const learn = adaptingOf(
      {
        ...{ patch: 32, batch: 1 },
        finish: finish.signal,
        onCalibration: () => finish.abort(),
        onProgress: (progress) => void (progress.kind === 'note' && notes.push(progress.message)),
      },
      start,
    );
    expect(await learn(runtime, given)).toBe(start);
    expect(notes.at(-1)).toBe('Nothing is learnt: it was ended before the noise was known');
    const signal = AbortSignal.abort(new Error('given up'));
    await expect(
      adaptingOf({ patch: 32, signal, finish: finish.signal }, start)(runtime, given),
    ).rejects.toThrow('given up');
  },
  LONG,
);

test(
  'SDAP that is finished before its first step gives what there was',
  async () => {
    const start = await packaged('self-supervised');
    await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
    const learn = adaptingOf({ finish: AbortSignal.abort(), patch: 30, batch: 1 }, start);
    expect(await learn(runtime, given)).toBe(start);
  },
  LONG,
);

test(
  'learning goes on from where it stood, to the same losses and the same verdict',
  async () => {
    const start = await packaged('general');
    await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
    const states: AdaptingState[] = [];
    const learn = async (from?: AdaptingState) => {
      const told: unknown[] = [];
      let calibrated = false;
      const learnt = await adaptingOf(
        {
          ...{ steps: 3, patch: 32, batch: 1, stateEvery: 0, from },
          onState: async (state) => {
            if (from === undefined) states.push(structuredClone(state));
          },
          onCalibration: () => {
            calibrated = true;
          },
          onProgress: (progress) => {
            if (progress.kind === 'training') told.push([progress.step, progress.loss]);
            if (progress.kind === 'note' && progress.message.startsWith('On the'))
              told.push(progress.message);
          },
        },
        start,
      )(runtime, given);
      return { told, calibrated, parameters: learnt.parameters };
    };
    const whole = await learn();
    expect(states.map(({ training }) => training?.step)).toEqual([undefined, 1, 2, 3]);
    for (const at of [0, 2]) {
      const again = await learn(states[at]);
      expect(again.calibrated, 'the noise is known').toBe(false);
      expect(again.told).toEqual(whole.told.slice(at));
      expect(again.parameters).toEqual(whole.parameters);
    }
  },
  LONG,
);
