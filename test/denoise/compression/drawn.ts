import sharp from 'sharp';
import { createRandom } from '#src/nn/index.js';

const [width, height] = [203, 155];

/** Slopes, waves and discs of colour, none of it black or white. */
const samples = (() => {
  const random = createRandom(4);
  const discs = Array.from({ length: 40 }, () => ({
    ...{ x: random.uniform() * width, y: random.uniform() * height, radius: 4 + 20 * random.uniform() },
    colour: [0, 1, 2].map(() => 60 + 120 * random.uniform()),
  }));
  return Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y, channel] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    const disc = discs.findLast(({ x: cx, y: cy, radius }) => Math.hypot(x - cx, y - cy) < radius);
    const base = disc?.colour[channel] ?? 70 + (80 * x) / width + 15 * channel;
    return Math.round(base + 14 * Math.sin((x * (1 + channel / 4) + 0.6 * y) / 3));
  });
})();

/** A picture that no file has compressed yet. */
export const drawn = () => sharp(samples, { raw: { width, height, channels: 3 } });
