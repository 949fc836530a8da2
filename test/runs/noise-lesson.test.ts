import { expect, test } from 'vitest';
import { damage } from '#src/quality/index.js';
import { createRandom } from '#src/random.js';
import { noiseLesson } from '#src/runs/scorer/noise-lesson.js';
import { drawPlanes } from '../upscale/drawing.js';

const original = drawPlanes(96, 96);

test('the lesson in noise: more noise is more damage, a denoising is seldom more than the noise, softness counts besides', async () => {
  const lessons = await Promise.all(
    Array.from({ length: 24 }, (_, i) => noiseLesson(original, createRandom(i))),
  );
  let denoisedBetter = 0;
  for (const { pictures } of lessons) {
    const [clean, less, noisy, denoised] = pictures;
    expect(less.data).toHaveLength(original.data.length);
    expect(damage(less, clean)).toBeGreaterThan(0);
    expect(damage(noisy, clean)).toBeGreaterThan(damage(less, clean));
    if (damage(denoised, clean) < damage(noisy, clean)) denoisedBetter++;
  }
  expect(denoisedBetter).toBeGreaterThanOrEqual(14);
  const soft = lessons.filter((lesson) => lesson.damage > 0.2);
  expect(soft.length).toBeGreaterThan(4);
  expect(soft.length).toBeLessThan(lessons.length);
});
