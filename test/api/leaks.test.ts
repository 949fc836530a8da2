import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sdap } from '#src/denoise/index.js';
import { createPatchSource, writePicture } from '#src/images/index.js';
import { createApplier } from '#src/apply/apply-denoiser.js';
import { openDenoiser, openScorer, openUpscaler } from '#src/api/index.js';
import { createRuntime } from '#src/runtime/node/index.js';
import { createGradedSource } from '#src/runs/scorer/graded-source.js';
import { createPairSource } from '#src/upscale/index.js';
import { temporaryFolder } from '../images/drawing.js';
import { noisyPicture, randomDenoiser } from '../models/denoisers.js';

const { path } = temporaryFolder();
const nothing = { models: 0, sessions: 0, tensors: 0, loops: 0 };
const machine = { device: 'cpu', threads: 1 } as const;
const weights = randomDenoiser(8, 1);
const picture = noisyPicture(24, 20);

test('two hundred appliers leave nothing on the device, whether they work, are stopped or do neither', async () => {
  await using runtime = await createRuntime({ ...machine, target: { device: 'cpu' } });
  const stopped = AbortSignal.abort(new Error('stopped'));
  for (let cycle = 0; cycle < 200; cycle++) {
    await using applier = createApplier(runtime, weights, sdap, {});
    if (cycle % 3 === 0) await applier.apply(picture);
    if (cycle % 3 === 1) await expect(applier.apply(picture, { signal: stopped })).rejects.toThrow('stopped');
  }
  expect(await runtime.held()).toEqual(nothing);
});

/** The name of a thread of this process; empty for one that has just ended. */
const nameOf = (thread: string): string => {
  try {
    return readFileSync(`/proc/self/task/${thread}/comm`, 'utf8');
  } catch {
    return '';
  }
};

/** Threads of this process but those of libvips, which keeps a bounded pool that grows as it is used. */
const threads = (): number =>
  readdirSync('/proc/self/task')
    .map(nameOf)
    .filter((name) => name !== '' && !name.startsWith('libvips')).length;

test.runIf(process.platform === 'linux')('everything that is opened ends its threads', async () => {
  const file = path('photo.png');
  await writePicture(file, noisyPicture(80, 72));
  const size = { patch: 48, batch: 1, seed: 1 };
  const cycle = async (): Promise<void> => {
    await using patches = createPatchSource({ files: [file], ...size });
    await using pairs = await createPairSource({ files: [file], kind: 'bicubic', scale: 2, ...size });
    await using graded = await createGradedSource({ files: [file], ...size });
    await Promise.all([patches.next(), pairs.next(), graded.next()]);
    await using denoising = await openDenoiser({ ...machine, weights, adapt: false, strength: 100 });
    await using upscaling = await openUpscaler(machine);
    await using scorer = await openScorer(machine);
    await denoising.denoise(picture);
    await upscaling.upscale(picture);
    await scorer.score(file);
  };
  await cycle();
  const before = threads();
  for (let again = 0; again < 3; again++) await cycle();
  // Threads that compute numbers end a while later.
  await expect.poll(threads, { timeout: 20_000 }).toBeLessThanOrEqual(before);
});
