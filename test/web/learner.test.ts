import { readFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { openDenoiser } from '#src/api/index.js';
import { createApplier } from '#src/apply/index.js';
import { plainInference } from '#src/denoise/index.js';
import { inferenceMethodNamed, shippedDenoiserPath } from '#src/models/index.js';
import type { Picture } from '#src/pixels/index.js';
import { present } from '#src/present.js';
import { createRandom } from '#src/random.js';
import { networkBeside } from '#src/restore/second-network.js';
import { createRuntime } from '#src/runtime/node/index.js';
import type { AdaptNews } from '#src/web/adapt-settings.js';
import { learnFrom, type Pupil } from '#src/web/learner.js';
import { forScreen, pageOfPicture } from '#src/web/page-image.js';
import { weightsOf } from '#src/web/read-weights.js';

/** A noisy picture of 16 bits that reaches a tenth of their range, as large as what is shown of one. */
function darkPicture(): Picture {
  const [width, height] = [256, 256];
  const random = createRandom(9);
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const drawn = 0.5 + 0.2 * Math.sin(x / 9) * Math.cos(y / 11) + 0.05 * random.normal();
    return Math.round(6553.5 * Math.min(1, Math.max(0, drawn))) / 65_535;
  });
  return { width, height, channels: 3, data, bitDepth: 16, lossless: true, format: 'png', metadata: {} };
}

test('what is shown of a dark picture is what it is denoised to, by tiles as small as memory asks for', async () => {
  await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
  const programs: string[] = [];
  const plain = runtime.shelf.bind(runtime);
  vi.spyOn(runtime, 'shelf').mockImplementation((options) => {
    const shelf = plain(options);
    const close = () => shelf.close();
    return {
      run: (key, ...others) => {
        programs.push(key);
        return shelf.run(key, ...others);
      },
      ...{ trim: () => shelf.trim(), close, [Symbol.asyncDispose]: close },
    };
  });
  const start = weightsOf(await readFile(shippedDenoiserPath('general')), 'general');
  const picture = darkPicture();
  /** What is shown before the first step, where it is given up. */
  const shown = async (tile?: number) => {
    const stop = new AbortController();
    const seen: { readonly data: Uint8ClampedArray; readonly programs: ReadonlySet<string> }[] = [];
    programs.length = 0;
    const tell = (news: AdaptNews): void => {
      if (news.kind !== 'preview') return;
      seen.push({ data: news.data, programs: new Set(programs) });
      stop.abort(new Error('it was seen'));
    };
    const pupil: Pupil = {
      ...{ tell, signal: stop.signal, finish: new AbortController().signal },
      applierOf: (weights) => {
        const method = inferenceMethodNamed(weights.method);
        const secondNetwork = networkBeside(method, runtime, tile);
        return createApplier(runtime, weights, method, {
          ...plainInference,
          ...present({ tile, secondNetwork }),
        });
      },
    };
    await expect(learnFrom(runtime, start, [picture], { patch: 32, batch: 1 }, pupil)).rejects.toThrow(
      'it was seen',
    );
    const [first] = seen;
    if (first === undefined) throw new Error('nothing was shown');
    return first;
  };
  const largest = (a: ArrayLike<number>, b: Uint8ClampedArray): number =>
    b.reduce((most, value, i) => Math.max(most, Math.abs(value - (a[i] ?? 0))), 0);

  const whole = await shown();
  await using denoiser = await openDenoiser({ device: 'cpu' });
  const { picture: denoised } = await denoiser.removal(picture);
  const expected = forScreen(pageOfPicture(denoised)).data;
  expect(largest(whole.data, expected)).toBeLessThanOrEqual(1);
  expect(largest(forScreen(pageOfPicture(picture)).data, expected), 'there was noise').toBeGreaterThan(3);

  const small = await shown(128);
  expect(largest(small.data, expected)).toBeLessThanOrEqual(1);
  expect(small.programs).not.toEqual(whole.programs);
}, 600_000);
