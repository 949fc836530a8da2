import { expect, test } from 'vitest';
import { openDenoiser } from '#src/api/index.js';
import { pages } from './chromium.js';
import { libraryPage } from './built-page.js';
import { noisyPicture, program } from './library-page.js';

const open = pages();
const built = libraryPage();

test('SDAP learns in a page as in Node: the losses of 20 steps', { timeout: 600_000 }, async (context) => {
  const { page, check } = await open(context, built);
  const { picture, image } = noisyPicture(40, 32);
  const settings = { steps: 20, patch: 20, batch: 1, seed: 3 };
  const found: { losses: number[]; previews: number[]; bytes: number } = await page.evaluate(
    program(
      image,
      `const [losses, previews] = [[], []];
       const { weights } = await revela.adapt([image], {
         weights: 'self-supervised', ...${JSON.stringify(settings)},
         onStep: ({ loss }) => losses.push(loss),
         onPreview: ({ step, data }) => previews.push(step, data.length),
       });
       return { losses, previews, bytes: weights.length };`,
    ),
  );
  const expected: number[] = [];
  await using _ = await openDenoiser({
    ...{ learnFrom: [picture], method: 'sdap', device: 'cpu', ...settings },
    onProgress: (progress) => {
      if (progress.kind === 'training') expected.push(progress.loss);
    },
  });
  expect(found.losses.length).toBe(20);
  const errors = found.losses.map((loss, i) => Math.abs(loss / (expected[i] ?? 0) - 1));
  expect(Math.max(...errors)).toBeLessThan(1e-5);
  expect(found.previews.slice(0, 2)).toEqual([0, 4 * 32 * 32]);
  expect(found.bytes).toBeGreaterThan(100_000);
  check();
});

test('the general weights learn a picture, show it, and end when it is enough', {
  timeout: 600_000,
}, async (context) => {
  const { page, check } = await open(context, built);
  const { image } = noisyPicture(64, 64);
  const found: {
    result: { steps: number };
    calibrated: number;
    previews: number[];
    notes: string[];
    stopped: string;
    wrong: { code: string; option: string; message: string };
  } = await page.evaluate(
    program(
      image,
      `const [previews, notes, enough] = [[], [], new AbortController()];
       let calibrated = 0;
       const { weights, ...result } = await revela.adapt([image], {
         batch: 1, patch: 32, finish: enough.signal,
         onCalibration: (done) => { calibrated = done; },
         onStep: ({ step }) => { if (step === 3) enough.abort(); },
         onPreview: ({ step }) => previews.push(step),
         onNote: (note) => notes.push(note),
       });
       const stop = new AbortController();
       const stopped = await revela.adapt([image], {
         patch: 32, signal: stop.signal, onPreview: () => stop.abort(new Error('enough of it')),
       }).catch(({ message }) => message);
       const wrong = await revela.adapt([image], { patch: 1 })
         .catch(({ code, option, message }) => ({ code, option, message }));
       return { result, calibrated, previews, notes, stopped, wrong };`,
    ),
  );
  expect(found.result.steps).toBeGreaterThanOrEqual(3);
  // Steps go on until it is heard; by itself it would learn for minutes.
  expect(found.result.steps).toBeLessThan(200);
  expect(found.calibrated).toBe(1);
  expect(found.previews[0]).toBe(0);
  expect(found.previews.slice(1), 'it is shown once as it begins').not.toContain(0);
  expect(found.notes.at(-1)).toMatch(/^On the noisy pictures themselves, an error of/);
  expect(found.stopped).toBe('enough of it');
  expect(found.wrong).toMatchObject({ code: 'ERR_OUT_OF_RANGE', option: 'patch' });
  check();
});
