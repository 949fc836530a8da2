import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openDenoiser, openScorer } from '#src/index.js';
import { sharedFolder } from '../shared.js';

const runs = { device: 'cpu', threads: 1 } as const;

test('of real pairs the scorer prefers the reference to the noisy picture, and a denoised one, too', async (context) => {
  const [sidd, polyu] = [sharedFolder(context, 'data', 'sidd5'), sharedFolder(context, 'data', 'polyu')];
  const strong = (await readdir(`${sidd}/noisy`)).map((name) => ({
    noisy: `${sidd}/noisy/${name}`,
    reference: `${sidd}/clean/${name}`,
  }));
  const weak = (await readdir(polyu))
    .filter((name) => name.endsWith('_real.JPG'))
    .sort()
    .filter((_, i) => i % 8 === 0)
    .map((name) => ({
      noisy: `${polyu}/${name}`,
      reference: `${polyu}/${name.replace('_real', '_mean')}`,
    }));
  expect([strong.length, weak.length]).toEqual([5, 13]);
  await using scorer = await openScorer(runs);
  await using denoiser = await openDenoiser(runs);
  const right = { strong: 0, weak: 0, denoised: 0 };
  for (const { noisy, reference } of strong) {
    const { score } = await scorer.score(noisy);
    if ((await scorer.score(reference)).score > score) right.strong++;
    if ((await scorer.score(await denoiser.denoise(noisy))).score > score) right.denoised++;
  }
  for (const { noisy, reference } of weak)
    if ((await scorer.score(reference)).score > (await scorer.score(noisy)).score) right.weak++;
  expect(right).toEqual({ strong: 5, denoised: 5, weak: 12 });
}, 240_000);
