import { writeFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, readArrays, readOnnxOutline, readSafetensorsHeader } from '#src/weights/index.js';
import { zipOf } from './checkpoint-files.js';
import { refusal, temporaryFolder } from './files.js';
import { element } from './mat-files.js';

// Small files that ask for much: each is refused before it is given.

const path = temporaryFolder();

/** What reading a file ends in, and how much memory was added while it was read. */
async function refused(
  name: string,
  bytes: Uint8Array,
  read: (path: string) => unknown,
): Promise<{ line: string; growth: number }> {
  await writeFile(path(name), bytes);
  const before = process.memoryUsage();
  const line = await refusal(() => read(path(name)));
  const after = process.memoryUsage();
  return { line, growth: after.arrayBuffers - before.arrayBuffers + after.external - before.external };
}

function headerOf(json: string): Buffer {
  const header = Buffer.from(json);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([prefix, header]);
}

describe('safetensors headers', () => {
  test('of ninety megabytes', async () => {
    const objects = headerOf(`{"a":{"dtype":"F32","shape":[${'{},'.repeat(3e7)}{}],"data_offsets":[0,0]}}`);
    const { line, growth } = await refused('objects', objects, readSafetensorsHeader);
    expect(line).toContain('at most 33554432 are read');
    expect(growth).toBeLessThan(10e6);
  });

  test('of many values within the length', async () => {
    const values = headerOf(`{"a":{"dtype":"F32","shape":[${'{},'.repeat(3e6)}{}],"data_offsets":[0,0]}}`);
    const { line } = await refused('values', values, readSafetensorsHeader);
    expect(line).toContain('which the header of weights never needs');
  });

  test('of more dimensions than any tensor has', async () => {
    const ones = Array.from({ length: 2e5 }, () => 1).join();
    const deep = headerOf(`{"a":{"dtype":"F32","shape":[${ones}],"data_offsets":[0,4]}}`);
    const { line } = await refused('deep', Buffer.concat([deep, Buffer.alloc(4)]), readSafetensorsHeader);
    expect(line).toContain('the shape of tensor a is not a list of up to 64 whole numbers');
  });

  test('of four million escapes, which are read', () => {
    const { metadata } = decodeSafetensors(headerOf(`{"__metadata__":{"a":"${'\\n'.repeat(4e6)}"}}`));
    expect(metadata['a']).toBe('\n'.repeat(4e6));
  });

  test('of names that would break a line or a terminal', () => {
    const name = JSON.stringify(`w\n\u001b]0;owned\u0007\u202e${'x'.repeat(5000)}`);
    const header = headerOf(`{${name}:{"dtype":"F32","shape":[1],"data_offsets":[0,0]}}`);
    expect(() => decodeSafetensors(header)).toThrow(
      /^the safetensors data has a damaged header: tensor w\?\?\]0;owned\?\?x+… of F32 and shape \[1\] takes 4 bytes/,
    );
  });
});

/** An array as NumPy writes it, of bytes. */
function npy(shape: string, length: number, order = 'False'): Buffer {
  const header = `{'descr': '|u1', 'fortran_order': ${order}, 'shape': (${shape}), }\n`;
  const start = Buffer.from(`\x93NUMPY\x01\0\0\0${header}`, 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.alloc(length)]);
}

describe('NumPy archives', () => {
  test('that unpack to much more than they weigh', async () => {
    const bomb = npy(`${2 ** 25},`, 2 ** 25);
    const archive = zipOf({ 'a.npy': bomb }, { deflate: true });
    expect(archive.length).toBeLessThan(100_000);
    const { line } = await refused('bomb.npz', archive, readArrays);
    expect(line).toContain('which a model of a measure of its size never needs');
  });

  test('whose entries share their bytes', async () => {
    const archive = zipOf({ 'a.npy': npy('4,', 4) });
    const directory = archive.indexOf('PK\u0001\u0002', 0, 'latin1');
    const [record, end] = [archive.subarray(directory, -22), Buffer.from(archive.subarray(-22))];
    const size = archive.readUInt32LE(directory + 20);
    const entries = Array.from({ length: 20 }, (_, i) => {
      const copy = Buffer.from(record);
      copy.write(String.fromCharCode(97 + i), 46);
      for (const at of [20, 24]) copy.writeUInt32LE(size + 500, at);
      return copy;
    });
    for (const at of [8, 10]) end.writeUInt16LE(entries.length, at);
    end.writeUInt32LE(record.length * entries.length, 12);
    const bytes = Buffer.concat([archive.subarray(0, directory), ...entries, end]);
    const { line } = await refused('shared.npz', bytes, readArrays);
    expect(line).toContain('its entries overlap');
  });

  test('of arrays of hundreds of dimensions', async () => {
    const ones = '1, '.repeat(900);
    const archive = zipOf({ 'a.npy': npy(`4, ${ones}`, 4, 'True') });
    expect((await refused('deep.npz', archive, readArrays)).line).toContain('has 901 dimensions');
  });
});

const words = (values: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

/** A matrix of MATLAB: its class, its size, its name, what it holds. */
function matrix(
  kind: number,
  size: readonly number[],
  name: string,
  ...content: readonly Uint8Array[]
): Buffer {
  const parts = [
    element(6, words([kind, 0])),
    element(5, words(size)),
    element(1, Buffer.from(name)),
    ...content,
  ];
  return element(14, Buffer.concat(parts));
}

function matFile(...elements: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file');
  header.write('IM', 126);
  return Buffer.concat([header, ...elements]);
}

function packed(bytes: Uint8Array): Buffer {
  const body = deflateSync(bytes);
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(15, 0);
  tag.writeUInt32LE(body.length, 4);
  return Buffer.concat([tag, body]);
}

describe('MATLAB files', () => {
  test('of packed variables that take much more than they weigh', async () => {
    const count = 2 ** 23;
    const variable = packed(matrix(9, [count, 1], 'x', element(2, Buffer.alloc(count))));
    const file = matFile(...Array.from({ length: 20 }, () => variable));
    const { line, growth } = await refused('bomb.mat', file, readArrays);
    expect(line).toContain('which a model of a measure of its size never needs');
    expect(growth).toBeLessThan(400e6);
  });

  test('of a million dimensions', async () => {
    const dimensions = Array.from({ length: 1e6 }, () => 1);
    const file = matFile(packed(matrix(6, dimensions, 'x', element(9, new Uint8Array(8)))));
    expect(file.length).toBeLessThan(10_000);
    expect((await refused('deep.mat', file, readArrays)).line).toContain('at most 64 belong');
  });

  test('of many cells under a long name', async () => {
    const cells = Array.from({ length: 1000 }, () => matrix(6, [1, 1], '', element(9, new Uint8Array(8))));
    const file = matFile(packed(matrix(1, [1000, 1], 'x'.repeat(200_000), ...cells)));
    expect((await refused('names.mat', file, readArrays)).line).toContain('a name has 200000 letters');
  });

  test('of arrays of many dimensions of one, which cost what their numbers do', async () => {
    const size = [2, ...Array.from({ length: 60 }, () => 1), 3];
    const numbers = Float64Array.of(0, 1, 2, 3, 4, 5);
    const file = matFile(matrix(6, size, 'x', element(9, new Uint8Array(numbers.buffer))));
    await writeFile(path('ones.mat'), file);
    expect((await readArrays(path('ones.mat'))).get('x')?.data).toEqual(Float64Array.of(0, 2, 4, 1, 3, 5));
  });
});

describe('ONNX models', () => {
  const graphOf = (content: Uint8Array): Buffer => {
    const length = Buffer.alloc(5);
    for (let i = 0; i < 5; i++) length[i] = ((content.length >>> (7 * i)) & 0x7f) | (i < 4 ? 0x80 : 0);
    return Buffer.concat([Buffer.of(0x3a), length, content]);
  };
  const output = Buffer.from('\x62\x03\x0a\x01y', 'latin1');

  test('of three hundred thousand empty nodes are read by the piece', async () => {
    await writeFile(path('nodes.onnx'), graphOf(Buffer.concat([Buffer.alloc(6e5, '\x0a\0'), output])));
    expect((await readOnnxOutline(path('nodes.onnx'))).nodes).toBe(3e5);
  });

  test('of more fields than any model has are refused', async () => {
    const file = graphOf(Buffer.concat([Buffer.alloc(4e6, '\x0a\0'), output]));
    const { line } = await refused('fields.onnx', file, readOnnxOutline);
    expect(line).toContain('takes more than 1,000,000 steps, which a model never needs');
  });
});
