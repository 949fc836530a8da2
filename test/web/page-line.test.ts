import { expect, test } from 'vitest';
import { pages } from './chromium.js';
import { libraryPage } from './built-page.js';
import { noisyPicture, program } from './library-page.js';

const open = pages();
const built = libraryPage();

test('what cannot be sent to the worker is refused, and the line goes on', {
  timeout: 600_000,
}, async (context) => {
  const { page, check } = await open(context, built);
  const { image } = noisyPicture(16, 16);
  const found: { name: string; listening: number; scores: { psnr: number } } = await page.evaluate(
    program(
      image,
      `let listening = 0;
       const { signal } = new AbortController();
       const [add, remove] = [signal.addEventListener, signal.removeEventListener];
       signal.addEventListener = function (...args) { listening += 1; add.apply(this, args); };
       signal.removeEventListener = function (...args) { listening -= 1; remove.apply(this, args); };
       const { name } = await revela.denoise(image, { strength: () => 50, signal }).catch((error) => error);
       return { name, listening, scores: await revela.compare(image, { ...image, data: image.data.map((v) => v ^ 1) }) };`,
    ),
  );
  expect(found.name).toBe('DataCloneError');
  expect(found.listening, 'nobody listens to the signal any longer').toBe(0);
  expect(found.scores.psnr).toBeCloseTo(48.13, 1);
  check();
});

test('the memory of an image is copied, or handed over where that is asked for', {
  timeout: 600_000,
}, async (context) => {
  const { page, check } = await open(context, built);
  const { image } = noisyPicture(24, 16);
  const found: { kept: number; given: number; same: boolean } = await page.evaluate(
    program(
      image,
      `const own = { ...image, data: image.data.slice() };
       const { image: first } = await revela.denoise(image);
       const { image: second } = await revela.denoise(own, { transfer: true });
       return { kept: image.data.length, given: own.data.length, same: String(first.data) === String(second.data) };`,
    ),
  );
  expect(found).toEqual({ kept: 4 * 24 * 16, given: 0, same: true });
  check();
});
