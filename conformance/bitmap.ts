import type { Planes } from '#src/pixels/index.js';
import { readFile } from 'node:fs/promises';

/** A BMP file of 24 bits without compression, which the package does not read: rows from the bottom, blue first. */
export async function readBitmap(path: string): Promise<Planes> {
  const bytes = await readFile(path);
  const [start, width, height] = [bytes.readUInt32LE(10), bytes.readInt32LE(18), bytes.readInt32LE(22)];
  if (bytes.readUInt16LE(28) !== 24 || height < 0) throw new Error(`${path} is no BMP file of 24 bits`);
  const stride = Math.ceil((width * 3) / 4) * 4;
  const data = new Float32Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const [channel, y, x] = [Math.floor(i / (width * height)), Math.floor(i / width) % height, i % width];
    data[i] = (bytes[start + (height - 1 - y) * stride + 3 * x + 2 - channel] ?? 0) / 255;
  }
  return { channels: 3, width, height, data };
}
