import { quantize } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';

/** A noisy picture, and the pixels that a page has of it. */
export function noisyPicture(width: number, height: number) {
  const random = createRandom(11);
  const data = new Float32Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const drawn = 0.45 + 0.2 * Math.sin(x / 9) * Math.sign(Math.sin(y / 17));
    data[i] = Math.round(255 * Math.min(1, Math.max(0, drawn + 0.08 * random.normal()))) / 255;
  }
  const picture = { width, height, channels: 3, data, bitDepth: 8, format: 'png', metadata: {} } as const;
  const samples = quantize(picture, 8);
  const rgba: number[] = [];
  for (let i = 0; i < width * height; i++)
    rgba.push(samples[3 * i] ?? 0, samples[3 * i + 1] ?? 0, samples[3 * i + 2] ?? 0, 255);
  return { picture, image: { data: rgba, width, height } };
}

/** A program for the page: it has the picture as `image`, and Revela, open. */
export const program = (image: object, body: string): string => `(async () => {
  const given = ${JSON.stringify(image)};
  const image = { ...given, data: Uint8ClampedArray.from(given.data) };
  const revela = await library.openRevela({ assets: 'engine/', threads: 1 });
  ${body}
})()`;
