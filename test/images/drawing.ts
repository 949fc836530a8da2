import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect } from 'vitest';
import { RevelaError } from '#src/errors.js';
import type { Picture } from '#src/images/index.js';

/** Interleaved samples that use the whole range and repeat nowhere nearby. */
export function samples(count: number, bitDepth: 8 | 16, seed = 1): Uint8Array | Uint16Array {
  const values = bitDepth === 8 ? new Uint8Array(count) : new Uint16Array(count);
  return values.map((_, i) => (i * 7919 + seed * 104_729 + (i >> 3)) % (bitDepth === 8 ? 256 : 65_536));
}

export type Bands = 1 | 2 | 3 | 4;

/** A picture for sharp to encode, of the given samples, with the colour space that they have. */
export function draw(width: number, height: number, bands: Bands, values: Uint8Array | Uint16Array): Sharp {
  const deep = values instanceof Uint16Array;
  const space = bands < 3 ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  return sharp(values, { raw: { width, height, channels: bands } }).toColourspace(space);
}

/** What was drawn, if all is well: values of a picture that was read times white, interleaved with its alpha. */
export function integersOf(picture: Picture): number[] {
  const area = picture.width * picture.height;
  const white = picture.bitDepth === 8 ? 255 : 65_535;
  const values: number[] = [];
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < picture.channels; c++)
      values.push((picture.data[c * area + i] ?? Number.NaN) * white);
    if (picture.alpha !== undefined) values.push(picture.alpha[i] ?? Number.NaN);
  }
  return values.map((value) => Math.round(value * 100) / 100);
}

/** A small picture in memory with colours of its own. */
export function pictureOf(width: number, height: number, changes: Partial<Picture> = {}): Picture {
  const channels = changes.channels ?? 3;
  const bitDepth = changes.bitDepth ?? 8;
  const white = bitDepth === 8 ? 255 : 65_535;
  const data = Float32Array.from(samples(channels * width * height, bitDepth), (value) => value / white);
  return { width, height, channels, data, bitDepth, format: 'png', metadata: {}, ...changes };
}

/** A folder of its own for the tests of a file; `path(name)` is a file in it. */
export function temporaryFolder(): {
  path: (name?: string) => string;
  write: (name: string, bytes: Uint8Array | string) => Promise<string>;
} {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'revela-images-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const path = (name = '') => join(folder, name);
  const write = async (name: string, bytes: Uint8Array | string) => {
    await writeFile(path(name), bytes);
    return path(name);
  };
  return { path, write };
}

/** Expects a user error: one line that holds each of the words. */
export async function expectRefusal(promise: Promise<unknown>, ...words: readonly string[]): Promise<void> {
  const error: unknown = await promise.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RevelaError);
  const message = error instanceof Error ? error.message : '';
  expect(message).not.toContain('\n');
  for (const word of words) expect(message).toContain(word);
}
