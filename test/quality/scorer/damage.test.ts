import type { Planes } from '#src/pixels/index.js';
import { expect, test } from 'vitest';
import { damage } from '#src/quality/index.js';
import { createRandom } from '#src/random.js';
import { drawPlanes } from '../../upscale/drawing.js';

const original = drawPlanes(96, 80);

const changed = (change: (value: number, i: number) => number): Planes => ({
  ...original,
  data: original.data.map((value, i) => Math.min(1, Math.max(0, change(value, i)))),
});

test('equal pictures are not damaged', () => {
  expect(damage(original, original)).toBe(0);
});

test('the more light is taken away, the greater the damage', () => {
  const [little, more, most] = [0.8, 0.5, 0.2].map((share) =>
    damage(
      changed((value) => share * value),
      original,
    ),
  );
  expect(little).toBeGreaterThan(0.1);
  expect(more).toBeGreaterThan(little ?? 0);
  expect(most).toBeGreaterThan(more ?? 0);
  // A third of the brightness: contrast and mean are each 2·⅓/(1 + ⅓²) = 0.6 like the original's.
  const third = damage(
    changed((value) => value / 3),
    original,
  );
  // The constants of SSIM let weak detail off.
  expect(third).toBeLessThan(Math.sqrt(2 * -Math.log(0.6)));
  expect(third).toBeGreaterThan(0.8 * Math.sqrt(2 * -Math.log(0.6)));
});

test('noise damages, and more of it more', () => {
  const noisy = (sigma: number): Planes => {
    const random = createRandom(4);
    return changed((value) => value + sigma * random.normal());
  };
  expect(damage(noisy(0.02), original)).toBeGreaterThan(0.1);
  expect(damage(noisy(0.1), original)).toBeGreaterThan(damage(noisy(0.02), original));
});

test('a colour that is lost counts, though the luma is the same', () => {
  const area = 96 * 80;
  const grey = changed((_, i) => {
    const at = i % area;
    const [red = 0, green = 0, blue = 0] = [0, 1, 2].map((c) => original.data[c * area + at]);
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  });
  const found = damage(grey, original);
  expect(found).toBeGreaterThan(0.15);
  expect(found).toBeLessThan(0.6);
});
