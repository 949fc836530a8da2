import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** Numbers from 0 to 1 that a seed draws (mulberry32). */
export function drawn(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const side = 64;
const most = 1000; // pictures in a folder

/**
 * Makes pictures of 64²: waves of colours, edges and noise, all drawn from the seed; one in a hundred has the content of the one before it.
 * They lie a thousand in a folder.
 *
 * @returns their paths inside of the folder
 */
export async function makePictures(folder, count, seed) {
  const places = [];
  let bytes;
  for (let number = 0; number < count; number++) {
    const inside = String(Math.floor(number / most)).padStart(3, '0');
    if (number % most === 0) mkdirSync(join(folder, inside), { recursive: true });
    if (number % 100 !== 99) bytes = pixels(drawn(seed * 1_000_003 + number));
    const place = join(inside, `${number}.png`);
    await sharp(bytes, { raw: { width: side, height: side, channels: 3 } })
      .png({ compressionLevel: 1 })
      .toFile(join(folder, place));
    places.push(place);
  }
  return places;
}

function pixels(random) {
  const bytes = Buffer.alloc(3 * side * side);
  const [across, down, turn, edge, noise] = Array.from({ length: 5 }, random);
  const levels = Array.from({ length: 3 }, () => 60 + 140 * random());
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const wave = 40 * Math.sin(0.5 * across * x + 0.5 * down * y + 6 * turn);
      const step = x * edge + y * (1 - edge) > 32 ? 25 : 0;
      for (let c = 0; c < 3; c++) {
        const value = levels[c] + wave + step + 60 * noise * (random() - 0.5);
        bytes[3 * (y * side + x) + c] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  return bytes;
}
