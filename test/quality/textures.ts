import type { Planes } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';

/**
 * A picture with structure at all sizes, roughly as photographs have: waves of random directions, whose strength falls
 * with their frequency, in three related colours, and a little grain.
 */
export function texture(width: number, height: number, seed: number): Planes {
  const random = createRandom(seed);
  const waves = Array.from({ length: 40 }, () => {
    const frequency = 0.01 * 40 ** random.uniform();
    const angle = 2 * Math.PI * random.uniform();
    return {
      u: frequency * Math.cos(angle) * 2 * Math.PI,
      v: frequency * Math.sin(angle) * 2 * Math.PI,
      phase: 2 * Math.PI * random.uniform(),
      colour: [0.6 + 0.4 * random.uniform(), 0.6 + 0.4 * random.uniform(), 0.6 + 0.4 * random.uniform()],
      strength: 0.004 / frequency ** 0.8,
    };
  });
  const data = new Float32Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const [channel, y, x] = [Math.floor(i / (width * height)), Math.floor(i / width) % height, i % width];
    let value = 0.5 + 0.02 * (random.uniform() - 0.5);
    for (const { u, v, phase, colour, strength } of waves)
      value += strength * (colour[channel] ?? 0) * Math.sin(u * x + v * y + phase);
    data[i] = Math.round(255 * Math.min(1, Math.max(0, value))) / 255;
  }
  return { channels: 3, width, height, data };
}

/** The same picture through a mean of 5×5 pixels. */
export function blurred(picture: Planes): Planes {
  const { channels, width, height, data } = picture;
  const inside = (position: number, size: number): number => Math.min(size - 1, Math.max(0, position));
  const result = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let j = -2; j <= 2; j++)
          for (let i = -2; i <= 2; i++)
            sum += data[(channel * height + inside(y + j, height)) * width + inside(x + i, width)] ?? 0;
        result[(channel * height + y) * width + x] = sum / 25;
      }
  return { channels, width, height, data: result };
}

/** The same picture with noise of this deviation. */
export function noisy(picture: Planes, sigma: number): Planes {
  const random = createRandom(99);
  return {
    ...picture,
    data: picture.data.map((value) => {
      const sum = Array.from({ length: 12 }, () => random.uniform()).reduce(
        (total, part) => total + part,
        -6,
      );
      return Math.min(1, Math.max(0, value + sigma * sum));
    }),
  };
}
