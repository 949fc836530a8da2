import { deflateSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { decodeExactPng } from '#src/web/decode-png.js';
import { encodePng } from '#src/web/encode-png.js';
import { fileMetadata, inflated } from '#src/web/metadata/file-metadata.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Counts the bytes that come of what is compressed. */
function countOpened(): () => number {
  let opened = 0;
  const Plain = DecompressionStream;
  class Counted {
    readonly readable: ReadableStream<Uint8Array>;
    readonly writable: WritableStream;
    constructor(format: 'deflate') {
      const { readable, writable } = new Plain(format);
      this.writable = writable;
      this.readable = readable.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(part, line) {
            opened += part.length;
            line.enqueue(part);
          },
        }),
      );
    }
  }
  vi.stubGlobal('DecompressionStream', Counted);
  return () => opened;
}

const deep = (width: number, height: number) => ({
  data: Uint16Array.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 65_535 : 257 * (i % 200))),
  width,
  height,
});

const bytesOf = async (file: Promise<Blob>) => new Uint8Array(await (await file).arrayBuffer());

test('what inflates to more than its limit is not opened to its end', async () => {
  const opened = countOpened();
  const packed = new Uint8Array(deflateSync(new Uint8Array(2 ** 25)));
  expect(await inflated(packed, 1000)).toBeUndefined();
  expect(opened()).toBeLessThan(2 ** 21);

  const small = new Uint8Array(deflateSync(Uint8Array.from([1, 2, 3])));
  expect(await inflated(small, 3)).toEqual(Uint8Array.from([1, 2, 3]));
  expect(await inflated(small, 2)).toBeUndefined();
  expect(await inflated(small.subarray(0, 6), 3), 'damaged').toBeUndefined();
});

test('the rows of a PNG file are as many as its header says', async () => {
  const small = deep(61, 3);
  expect(await decodeExactPng(await bytesOf(encodePng(small)), 1)).toEqual(small);
  const bytes = await bytesOf(encodePng(deep(61, 4000)));
  const opened = countOpened();
  // The height, in the header.
  new DataView(bytes.buffer).setUint32(20, 2);
  expect(await decodeExactPng(bytes, 1)).toBeUndefined();
  expect(opened()).toBeLessThan(2 ** 19);
});

test('a profile of more than 16 MiB is left out', async () => {
  const profile = (length: number) => {
    const bytes = new Uint8Array(length);
    bytes.set(
      [...'acsp'].map((letter) => letter.charCodeAt(0)),
      36,
    );
    return bytes;
  };
  const kept = async (length: number) =>
    (await fileMetadata(await bytesOf(encodePng(deep(3, 2), { icc: profile(length) })))).icc?.length;
  expect(await kept(2 ** 24)).toBe(2 ** 24);
  expect(await kept(2 ** 24 + 1)).toBeUndefined();
});
