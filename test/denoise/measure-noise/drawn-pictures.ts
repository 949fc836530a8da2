import { createRandom } from '#src/random.js';

/** A drawn picture: `[channels, height, width]`, `[0, 1]`. */
export interface Drawn {
  readonly channels: 1 | 3;
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array<ArrayBuffer>;
}

/** A picture of the values that a function gives for each place and channel. */
export function drawn(
  width: number,
  height: number,
  value: (x: number, y: number, channel: number) => number,
): Drawn {
  const area = width * height;
  const data = Float32Array.from({ length: 3 * area }, (_, i) =>
    value(i % width, Math.floor((i % area) / width), Math.floor(i / area)),
  );
  return { channels: 3, width, height, data };
}

/** Slow waves of all brightnesses, some straight edges and a little texture in one corner. */
export function scene(width = 400, height = 300): Drawn {
  return drawn(width, height, (x, y, c) => {
    const wave = 0.45 + 0.25 * Math.sin(x / 61 + c) * Math.cos(y / 53);
    const board = x > 0.6 * width && y > 0.6 * height ? 0.1 * (((x >> 4) + (y >> 4)) % 2) : 0;
    return wave + board;
  });
}

/** What 8 bits hold of it. */
export const inBytes = (picture: Drawn): Drawn => ({
  ...picture,
  data: picture.data.map((value) => Math.round(255 * Math.min(1, Math.max(0, value))) / 255),
});

/** With noise of a deviation that depends on the value; in bytes. */
export function withNoise(picture: Drawn, deviation: (value: number) => number, seed = 1): Drawn {
  const random = createRandom(seed);
  return inBytes({
    ...picture,
    data: picture.data.map((value) => value + deviation(value) * random.normal()),
  });
}

/** Grass, more or less: waves of all lengths and directions, whose contrast changes from place to place. */
export function texture(width = 400, height = 300): Drawn {
  const random = createRandom(4);
  const waves = Array.from({ length: 60 }, (_, i) => {
    const [frequency, angle] = [0.06 * 1.06 ** i, Math.PI * random.uniform()];
    return {
      across: frequency * Math.cos(angle),
      down: frequency * Math.sin(angle),
      phase: 7 * random.uniform(),
      size: 0.03 / frequency ** 0.7,
    };
  });
  const grass = Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const contrast = Math.exp(1.3 * Math.sin(x / 17 + Math.sin(y / 29)) * Math.cos(y / 13)) / 4;
    return waves.reduce(
      (sum, { across, down, phase, size }) => sum + contrast * size * Math.sin(across * x + down * y + phase),
      0.45,
    );
  });
  return inBytes(drawn(width, height, (x, y, c) => (grass[y * width + x] ?? 0) * (1 - 0.2 * c)));
}

/** Windows, lines and something like words. */
export function screenshot(width = 400, height = 300): Drawn {
  const random = createRandom(5);
  const letters = Float32Array.from({ length: width * height }, () => (random.uniform() < 0.4 ? 0 : 1));
  return inBytes(
    drawn(width, height, (x, y, c) => {
      if (y < 20) return [0.2, 0.3, 0.6][c] ?? 0;
      if (x < 60) return 0.93;
      const text = y % 12 < 7 && x > 70 && x < 0.8 * width;
      return text ? 0.98 * (letters[(y * width + x) >> 1] ?? 1) : 0.98;
    }),
  );
}
