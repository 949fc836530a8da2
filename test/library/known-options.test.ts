import { expect, it } from 'vitest';
import {
  compare,
  degrade,
  denoise,
  evaluateQuality,
  openComparison,
  openDenoising,
  openMeasure,
  openUpscaling,
  score,
  scorePictures,
  upscale,
} from '#src/index.js';
import { refusal } from '../weights/files.js';

/** A misspelt option, as JavaScript lets it through. */
const misspelt = { signal: new AbortController().signal, maxMegapixel: 3 };

it.each<[string, () => unknown]>([
  ['denoise', () => denoise('a.png', misspelt)],
  ['denoise', () => openDenoising([], misspelt)],
  ['upscale', () => upscale('a.png', misspelt)],
  ['upscale', () => openUpscaling(misspelt)],
  ['degrade', () => degrade('a.png', misspelt)],
  ['compare', () => compare('a.png', 'b.png', misspelt)],
  ['compare', () => openComparison(misspelt)],
  ['openMeasure', () => openMeasure('niqe', misspelt)],
  ['score', () => score('a.png', misspelt)],
  ['scorePictures', () => scorePictures(['a.png'], misspelt)],
  ['evaluateQuality', () => evaluateQuality({ scores: 'a.csv', images: 'b', ...misspelt })],
])('%s names an option that it does not have', async (name, work) => {
  const line = await refusal(work);
  expect(line.startsWith(`${name} has no option "maxMegapixel"; it has `)).toBe(true);
  expect(line).toContain('signal');
});
