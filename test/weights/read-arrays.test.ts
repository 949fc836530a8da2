import { writeFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type NamedArray, readArrays, writeSafetensors } from '#src/weights/index.js';
import { sharedFolder } from '../shared.js';
import { zipOf } from './checkpoint-files.js';
import { refusal, temporaryFolder } from './files.js';
import { matOfZeros } from './mat-files.js';

const path = temporaryFolder();

async function read(bytes: Uint8Array): Promise<Record<string, NamedArray>> {
  await writeFile(path('arrays'), bytes);
  return Object.fromEntries(await readArrays(path('arrays')));
}

const refused = (bytes: Uint8Array): Promise<string> => refusal(() => read(bytes));

describe('MATLAB files', () => {
  /** Written by SciPy: a cell array of three, `single`, `small` (16 bits) and a text. */
  const compressed = Buffer.from(
    [
      'TUFUTEFCIDUuMCBNQVQtZmlsZSBQbGF0Zm9ybTogcG9zaXgsIENyZWF0ZWQgb246IFdlZCBOb3YgMjUgMDE6NDE6NDAgMjAy',
      'NgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSU0PAAAAcwAAAHic42NgYNBg',
      'ZGBgA9IcQAxkggErEp8ZSvMCcUlqbkFOYkmqb35Kag6QzwfEHgwI/Wx49IMAJxBLMMDAD3sowwFCcTiAzEvAYx4TFvMMGNAB',
      'B9S8D1DzBRxQ7REB22OAZA8nFnfDMAPYXkYGdiANAJECC6cPAAAANQAAAHic42NgYPAAYjYg5gBidgYIYIXymaCYEaqmODMv',
      'PScVok4ArLLBnoHBwQHIAOIJDgCBqAVsDwAAACoAAAB4nONjYGAwAGI2IOYAYhYGCGCF8hmhYoxAsjy/KEUASJekVpQAACmk',
      'A/0PAAAALQAAAHic42NgYHAAYjYg5gBiLgYIYIXyGYGYGUqDxIpzE3NyoGJsYHEmMBsATSUCpg==',
    ].join(''),
    'base64',
  );
  const plain = Buffer.from(
    [
      'TUFUTEFCIDUuMCBNQVQtZmlsZSBQbGF0Zm9ybTogcG9zaXgsIENyZWF0ZWQgb246IFdlZCBOb3YgMjUgMDE6NDE6NDAgMjAy',
      'NgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSU0OAAAAKAEAAAYAAAAIAAAA',
      'AQAAAAAAAAAFAAAACAAAAAEAAAADAAAAAQAAAA0AAAB0ZW1wbGF0ZU1vZGVsAAAADgAAAEgAAAAGAAAACAAAAAYAAAAAAAAA',
      'BQAAAAgAAAABAAAAAwAAAAEAAAAAAAAACQAAABgAAAAAAAAAAAD4PwAAAAAAAABAAAAAAAAACEAOAAAAYAAAAAYAAAAIAAAA',
      'BgAAAAAAAAAFAAAACAAAAAIAAAADAAAAAQAAAAAAAAAJAAAAMAAAAAAAAAAAAAAAAAAAAAAACEAAAAAAAADwPwAAAAAAABBA',
      'AAAAAAAAAEAAAAAAAAAUQA4AAAAwAAAABgAAAAgAAAAJAAAAAAAAAAUAAAAIAAAAAQAAAAEAAAABAAAAAAAAAAIAAQAHAAAA',
      'DgAAAEgAAAAGAAAACAAAAAcAAAAAAAAABQAAAAgAAAACAAAAAgAAAAEAAAAGAAAAc2luZ2xlAAAHAAAAEAAAAAAAgD8AAEBA',
      'AAAAQAAAkEAOAAAAMAAAAAYAAAAIAAAABAAAAAAAAAAFAAAACAAAAAEAAAAEAAAAAQAEAHdvcmQQAAQAdGV4dA4AAABAAAAA',
      'BgAAAAgAAAAKAAAAAAAAAAUAAAAIAAAAAQAAAAMAAAABAAAABQAAAHNtYWxsAAAAAwAAAAYAAAABAAIAAwAAAA==',
    ].join(''),
    'base64',
  );
  const expected = {
    'templateModel{1}': { shape: [1, 3], data: Float64Array.of(1.5, 2, 3) },
    'templateModel{2}': { shape: [2, 3], data: Float64Array.of(0, 1, 2, 3, 4, 5) },
    'templateModel{3}': { shape: [1, 1], data: Float64Array.of(7) },
    single: { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4.5) },
    small: { shape: [1, 3], data: Float64Array.of(1, 2, 3) },
    word: { shape: [1, 4], data: Float64Array.from('text', (letter) => letter.charCodeAt(0)) },
  };

  test('compressed and plain, in row-major order, cells by number, texts by their letters', async () => {
    expect(await read(compressed)).toEqual(expected);
    expect(await read(plain)).toEqual(expected);
  });

  test('big-endian ones', async () => {
    const bytes = Buffer.alloc(200);
    bytes.write('MATLAB 5.0 MAT-file');
    bytes.write('MI', 126);
    // A matrix of 64 bytes: flags (double), size 1×2, a name that fits into its tag, and two numbers.
    const words = [14, 64, 6, 8, 6, 0, 5, 8, 1, 2, 0x10001, 0, 9, 16];
    for (const [i, word] of words.entries()) bytes.writeUInt32BE(word, 128 + 4 * i);
    bytes.write('v', 128 + 4 * 11);
    bytes.writeDoubleBE(1.25, 128 + 4 * 14);
    bytes.writeDoubleBE(-2, 128 + 4 * 16);
    expect(await read(bytes)).toEqual({ v: { shape: [1, 2], data: Float64Array.of(1.25, -2) } });
  });

  test('damaged ones and those of version 7.3 are refused', async () => {
    expect(await refused(compressed.subarray(0, 100))).toContain('ends within its header');
    expect(await refused(compressed.subarray(0, 200))).toContain('goes beyond the end');
    const flipped = Buffer.from(compressed);
    flipped[150] = (flipped[150] ?? 0) ^ 0xff;
    expect(await refused(flipped)).toContain('is a damaged MATLAB file');
    const huge = Buffer.from(plain);
    huge.writeUInt32LE(0x7fffffff, 132);
    expect(await refused(huge)).toContain('goes beyond the end');
    expect(await refused(Buffer.from(`MATLAB 7.3 MAT-file${' '.repeat(200)}`))).toContain("save(..., '-v7')");
  });

  test('every flipped byte gives numbers or one line', async () => {
    for (let at = 124; at < plain.length; at++) {
      const bytes = Buffer.from(plain);
      bytes[at] = (bytes[at] ?? 0) ^ 0x55;
      const outcome = await read(bytes).then(
        () => 'read',
        (error: unknown) => (error instanceof Error ? error.name : 'other'),
      );
      expect(['read', 'RevelaError'], `byte ${at}: ${outcome}`).toContain(outcome);
    }
  });

  test('a small file does not unpack into a huge one', async () => {
    const header = compressed.subarray(0, 128);
    const packed = deflateSync(Buffer.alloc(2 ** 26 + 1), { level: 9 });
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(15, 0);
    tag.writeUInt32LE(packed.length, 4);
    expect(await refused(Buffer.concat([header, tag, packed]))).toContain('is a damaged MATLAB file');
  });

  // The case mat-compressed-variables, whose script takes half a minute to make such a file.
  test('nor does one of many small variables, together', async () => {
    const file = matOfZeros(20, 60 * 2 ** 20);
    expect(file.length).toBeLessThan(2 ** 21);
    expect(await refused(file)).toContain('takes more than 128 MiB of memory');
  });
});

describe('NumPy archives', () => {
  const npy = (header: string, body: Uint8Array): Buffer => {
    const text = `${header.padEnd(118 - 1)}\n`;
    const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
    start.writeUInt16LE(text.length, 8);
    return Buffer.concat([start, Buffer.from(text), body]);
  };
  const doubles = (...values: number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);
  const archive = (header: string, body: Uint8Array, deflate = false): Buffer =>
    zipOf({ 'a.npy': npy(header, body) }, { deflate });

  test('as NumPy writes them: both orders, several types, packed or not', async () => {
    const rows = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }";
    const a = { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) };
    expect(await read(archive(rows, doubles(1, 2, 3, 4)))).toEqual({ a });
    expect(await read(archive(rows, doubles(1, 2, 3, 4), true))).toEqual({ a });
    expect(await read(archive(rows.replace('False', 'True'), doubles(1, 3, 2, 4)))).toEqual({ a });
    const scalar = "{'descr': '|u1', 'fortran_order': False, 'shape': (), }";
    expect(await read(archive(scalar, Uint8Array.of(9)))).toEqual({
      a: { shape: [], data: Float64Array.of(9) },
    });
  });

  test("NIQE's public parameters", async (context) => {
    const arrays = await readArrays(sharedFolder(context, 'weights', 'niqe_pris_params.npz'));
    expect([...arrays].map(([name, { shape }]) => [name, shape])).toEqual([
      ['mu_pris_param', [1, 36]],
      ['cov_pris_param', [36, 36]],
      ['gaussian_window', [7, 7]],
    ]);
    const { data } = arrays.get('gaussian_window') ?? { data: new Float64Array() };
    expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
  });

  test('pickled objects, big-endian numbers, and lengths that do not fit are refused', async () => {
    const shape = "'fortran_order': False, 'shape': (2,), }";
    expect(await refused(archive(`{'descr': '|O', ${shape}`, doubles(1, 2)))).toContain(
      'holds no little-endian',
    );
    expect(await refused(archive(`{'descr': '>f8', ${shape}`, doubles(1, 2)))).toContain(
      'holds no little-endian',
    );
    expect(await refused(archive(`{'descr': '<f8', ${shape}`, doubles(1)))).toContain('should have 16 bytes');
    expect(await refused(zipOf({ 'a.npy': Buffer.from('nothing of it') }))).toContain('is no NumPy array');
  });
});

test('safetensors, and files of other kinds', async () => {
  const file = path('a.safetensors');
  const bits = Uint16Array.of(0x3c00, 0xc000);
  await writeSafetensors(file, { tensors: new Map([['half', { dtype: 'F16', shape: [2], data: bits }]]) });
  expect((await readArrays(file)).get('half')).toEqual({ shape: [2], data: Float64Array.of(1, -2) });
  expect(await refused(Buffer.from('a text'))).toContain('holds no arrays: expected a safetensors file');
  expect(await refused(new Uint8Array())).toContain('holds no arrays');
});
