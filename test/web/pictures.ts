import { writePicture } from '#src/images/index.js';
import { createRandom } from '#src/random.js';

/** Writes a picture with edges and noise; without noise, a JPEG file. */
export async function writeNoisy(path: (name: string) => string, strength = 0.07, name = 'noisy') {
  const [width, height] = [144, 112];
  const random = createRandom(7);
  const data = new Float32Array(3 * width * height);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const noise = strength * random.normal();
        const drawn = 0.45 + 0.25 * Math.sin(x / (9 + 3 * c)) * (y > 56 ? 1 : 0.4);
        data[(c * height + y) * width + x] = Math.min(1, Math.max(0, drawn + noise));
      }
  const format = strength === 0 ? 'jpeg' : 'png';
  const file = path(`${name}.${format}`);
  await writePicture(
    file,
    { width, height, channels: 3, data, bitDepth: 8, format, metadata: {} },
    { overwrite: true },
  );
  return file;
}

/** The beginning of a PNG file of 30,000 × 30,000 pixels: as much as tells its size. */
export function hugeHeader(): Buffer {
  const header = Buffer.alloc(33);
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1').copy(header);
  header.writeUInt32BE(13, 8);
  header.write('IHDR', 12, 'latin1');
  header.writeUInt32BE(30_000, 16);
  header.writeUInt32BE(30_000, 20);
  return header;
}
