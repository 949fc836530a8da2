import { beforeAll } from 'vitest';
import { saveUpscalerWeights } from '#src/api/index.js';
import { smallUpscalers } from '../models/upscalers.js';
import { photograph, revela, temporaryFolder } from './command.js';

export const path = temporaryFolder();

/** Enlarges in the folder of the tests, on one thread. */
export const enlarge = (...args: readonly (string | number)[]): ReturnType<typeof revela> =>
  revela(
    [
      'upscale',
      ...args,
      ...(args.includes('--weights') ? [] : ['--weights', 'small.safetensors']),
      ...['--device', 'cpu', '--threads', 1],
    ],
    { cwd: path() },
  );

beforeAll(async () => {
  await saveUpscalerWeights(path('small.safetensors'), smallUpscalers['SRVGGNet ×4']);
  await saveUpscalerWeights(path('twice.safetensors'), smallUpscalers['RRDBNet ×2, un-shuffling']);
  await photograph(40, 28).png().toFile(path('photo.png'));
});
