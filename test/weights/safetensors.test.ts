import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  assertFinite,
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  readSafetensorsHeader,
  type StoredTensor,
  toFloat32,
  writeSafetensors,
} from '#src/weights/index.js';
import { refusal, temporaryFolder, withFullDisk, withoutPrivileges } from './files.js';

const path = temporaryFolder();
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const float32 = (...values: number[]): StoredTensor => ({
  dtype: 'F32',
  shape: [values.length],
  data: Float32Array.from(values),
});

/** One of each kind, with lengths that would leave the next tensor unaligned, and names that objects reorder. */
const everyKind: ReadonlyMap<string, StoredTensor> = new Map<string, StoredTensor>([
  ['flags', { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ['10', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1.5, -2, 0, 3e-40) }],
  ['2', { dtype: 'F64', shape: [], data: Float64Array.of(Math.PI) }],
  ['__proto__', { dtype: 'I64', shape: [1], data: BigInt64Array.of(-(2n ** 63n)) }],
  ['names "quoted" \\ and ü', { dtype: 'U64', shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) }],
  ['half', { dtype: 'F16', shape: [1], data: Uint16Array.of(0x3c00) }],
  ['brain', { dtype: 'BF16', shape: [1], data: Uint16Array.of(0x3f80) }],
  ['i8', { dtype: 'I8', shape: [1, 1, 1], data: Int8Array.of(-128) }],
  ['i16', { dtype: 'I16', shape: [1], data: Int16Array.of(-32_768) }],
  ['i32', { dtype: 'I32', shape: [1], data: Int32Array.of(-(2 ** 31)) }],
  ['u8', { dtype: 'U8', shape: [1], data: Uint8Array.of(255) }],
  ['u16', { dtype: 'U16', shape: [1], data: Uint16Array.of(65_535) }],
  ['u32', { dtype: 'U32', shape: [1], data: Uint32Array.of(2 ** 32 - 1) }],
  ['none', { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) }],
]);

/** A file of a header and a number of data bytes, however wrong. */
function fileOf(header: string | object, dataLength: number): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataLength)]);
}

describe('what is written is read', () => {
  test('every kind of number, in order, from a file and from memory', async () => {
    const metadata = { network: 'dbsnl', record: JSON.stringify({ seed: 0, note: 'a "b"\n' }), '7': 'ü' };
    await writeSafetensors(path('new', 'folder', 'all.safetensors'), { tensors: everyKind, metadata });
    for (const source of [
      path('new', 'folder', 'all.safetensors'),
      encodeSafetensors({ tensors: everyKind, metadata }),
    ]) {
      const file = await readSafetensors(source);
      expect([...file.tensors]).toEqual([...everyKind]);
      expect(file.metadata).toEqual(metadata);
    }
  });

  test('every tensor lies aligned, and the data starts at a multiple of 8', async () => {
    await writeSafetensors(path('aligned.safetensors'), { tensors: everyKind });
    const header = await readSafetensorsHeader(path('aligned.safetensors'));
    expect([...header.tensors.keys()]).toEqual([...everyKind.keys()]);
    expect(Math.min(...[...header.tensors.values()].map((entry) => entry.byteOffset)) % 8).toBe(0);
    for (const [name, { byteOffset }] of header.tensors) {
      expect(byteOffset % (everyKind.get(name)?.data.BYTES_PER_ELEMENT ?? 0)).toBe(0);
    }
    expect(header.metadata).toEqual({});
  });

  test('tensors that are a part of a larger buffer, and no tensors at all', () => {
    const whole = Float32Array.of(0, 1, 2, 3, 4);
    const part: StoredTensor = { dtype: 'F32', shape: [2], data: whole.subarray(2, 4) };
    const { tensors } = decodeSafetensors(encodeSafetensors({ tensors: new Map([['part', part]]) }));
    expect(tensors.get('part')).toEqual(float32(2, 3));
    expect(tensors.get('part')?.data.buffer.byteLength).toBe(8);
    expect(decodeSafetensors(encodeSafetensors({ tensors: new Map() })).tensors.size).toBe(0);
  });

  test('unaligned tensors of other writers, and bytes at an odd place in memory', async () => {
    const bytes = fileOf(
      {
        b: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
        f: { dtype: 'F32', shape: [1], data_offsets: [1, 5] },
        l: { shape: [], data_offsets: [5, 13], dtype: 'I64' },
      },
      13,
    );
    new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 12).setFloat32(0, 0.5, true);
    const shifted = new Uint8Array(bytes.length + 1).subarray(1);
    shifted.set(bytes);
    await writeFile(path('unaligned.safetensors'), bytes);
    for (const source of [shifted, path('unaligned.safetensors')]) {
      const { tensors } = await readSafetensors(source);
      expect(tensors.get('f')).toEqual(float32(0.5));
      expect(tensors.get('l')).toEqual({ dtype: 'I64', shape: [], data: BigInt64Array.of(0n) });
    }
  });

  test('metadata of megabytes, with escapes throughout', () => {
    const record = '"\\\u0001'.repeat(500_000);
    const bytes = encodeSafetensors({ tensors: new Map(), metadata: { record } });
    expect(decodeSafetensors(bytes).metadata.record === record).toBe(true);
  });

  test('a file of the published writer, header and all', async () => {
    const { tensors, metadata } = await readSafetensors(fixture('networks/dbsnl.safetensors'));
    const header = await readSafetensorsHeader(fixture('networks/dbsnl.safetensors'));
    expect(metadata).toMatchObject({ kind: 'network', network: 'dbsnl' });
    expect(header.metadata).toEqual(metadata);
    expect([...header.tensors.keys()]).toEqual([...tensors.keys()]);
    for (const [name, { dtype, shape, data }] of tensors) {
      expect(header.tensors.get(name)).toMatchObject({ dtype, shape, byteLength: data.byteLength });
    }
    assertFinite(tensors, 'dbsnl');
  });
});

describe('numbers', () => {
  test('half precision', () => {
    const bits = [0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x0400, 0x3555, 0x7c00, 0xfc00];
    const tensor: StoredTensor = { dtype: 'F16', shape: [11], data: Uint16Array.from(bits) };
    const third = 0.333251953125;
    const [least, greatestLow, leastNormal] = [2 ** -24, 1023 * 2 ** -24, 2 ** -14];
    expect([...toFloat32(tensor)]).toEqual([
      ...[0, -0, 1, -2, 65_504, least, greatestLow, leastNormal, third],
      ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ]);
    expect(toFloat32({ dtype: 'F16', shape: [1], data: Uint16Array.of(0x7e00) })).toEqual(
      Float32Array.of(Number.NaN),
    );
  });

  test('the upper half of float32, whole numbers, and float32 itself', () => {
    const brain: StoredTensor = {
      dtype: 'BF16',
      shape: [4],
      data: Uint16Array.of(0x3f80, 0xc049, 0x0001, 0xff80),
    };
    expect([...toFloat32(brain)]).toEqual([1, -3.140625, 2 ** -133, Number.NEGATIVE_INFINITY]);
    const long: StoredTensor = { dtype: 'I64', shape: [2], data: BigInt64Array.of(-3n, 2n ** 24n + 1n) };
    expect([...toFloat32(long)]).toEqual([-3, 2 ** 24]);
    expect([...toFloat32({ dtype: 'I8', shape: [1], data: Int8Array.of(-7) })]).toEqual([-7]);
    const single = float32(1, 2);
    expect(toFloat32(single)).toBe(single.data);
  });

  test('NaN and infinities are refused by name', async () => {
    const good = float32(0, 3.4e38);
    assertFinite(new Map([...everyKind, ['good', good]]), 'w.safetensors');
    const wrong: readonly (readonly [StoredTensor, string])[] = [
      [float32(1, Number.NaN), 'NaN'],
      [{ dtype: 'F64', shape: [1], data: Float64Array.of(Number.NEGATIVE_INFINITY) }, '-Infinity'],
      [{ dtype: 'F16', shape: [1], data: Uint16Array.of(0x7c00) }, 'Infinity'],
      [{ dtype: 'BF16', shape: [1], data: Uint16Array.of(0x7fc0) }, 'NaN'],
    ];
    for (const [tensor, value] of wrong) {
      const tensors = new Map([
        ['good', good],
        ['head.weight', tensor],
      ]);
      expect(await refusal(() => assertFinite(tensors, 'w.safetensors'))).toContain(
        `w.safetensors contains ${value} in tensor head.weight`,
      );
    }
  });
});

describe('files that are none', () => {
  const one = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  const whole = encodeSafetensors({ tensors: new Map([['a', float32(1, 2, 3)]]) });

  test.each<[why: string, bytes: Uint8Array, message: string]>([
    ['empty', new Uint8Array(0), 'is empty (0 bytes)'],
    ['too short', Uint8Array.of(1, 0), 'is not a safetensors file'],
    ['text', Buffer.from('network: dbsnl, 32 channels'), 'is not a safetensors file'],
    ['a PyTorch checkpoint', Buffer.from('PK\x03\x04 and so on'), 'ZIP archive, as PyTorch checkpoints are'],
    ['an old PyTorch checkpoint', Uint8Array.of(0x80, 2, 0x8a, 10, 1, 2, 3, 4, 5, 6), 'a pickle'],
    ['header length of zero', fileOf('', 100), 'is not a safetensors file'],
    [
      'header too long',
      Buffer.concat([Buffer.from('00e1f50500000001', 'hex'), Buffer.from('{}')]),
      'at most 33554432',
    ],
    ['cut in the header', whole.subarray(0, 30), 'is truncated: it should have at least'],
    ['cut in the data', whole.subarray(0, whole.length - 1), 'is truncated: it should have'],
    ['bytes at the end', Buffer.concat([whole, Buffer.alloc(3)]), '3 bytes follow the last tensor'],
    ['not JSON', fileOf('{"a":}', 0), 'it is not JSON (expected a value at character 5)'],
    ['JSON twice', fileOf('{}{}', 0), 'expected the end'],
    ['a broken string', fileOf('{"a\n":1}', 0), 'it is not JSON'],
    ['nested too deep', fileOf(`{"a":${'['.repeat(100_000)}`, 0), 'at most 16 levels'],
    [
      'not UTF-8',
      Buffer.concat([Buffer.from('0400000000000000', 'hex'), Buffer.from('{"\xff}', 'latin1')]),
      'it is not UTF-8',
    ],
    ['no tensor record', fileOf('{"a":[1]}', 0), 'tensor a must have exactly dtype, shape and data_offsets'],
    ['more than a record', fileOf({ a: { ...one, name: 1 } }, 4), 'must have exactly'],
    [
      'duplicate tensors',
      fileOf(`{"a":${JSON.stringify(one)},"a":${JSON.stringify(one)}}`, 4),
      'a stands twice',
    ],
    ['duplicate metadata', fileOf('{"__metadata__":{},"__metadata__":{}}', 0), '__metadata__ stands twice'],
    ['duplicate in metadata', fileOf('{"__metadata__":{"b":"1","b":"2"}}', 0), 'b stands twice'],
    ['duplicate fields', fileOf('{"a":{"dtype":"F32","shape":[],"shape":[]}}', 0), 'must have exactly'],
    ['metadata of numbers', fileOf('{"__metadata__":{"step":1}}', 0), 'step in __metadata__ is not a string'],
    ['metadata that is no object', fileOf('{"__metadata__":"x"}', 0), '__metadata__ is not an object'],
    ['an unknown dtype', fileOf({ a: { ...one, dtype: 'F4' } }, 4), 'the dtype F4; known are F64, F32'],
    ['an inherited dtype', fileOf({ a: { ...one, dtype: 'toString' } }, 4), 'the dtype toString'],
    ['a negative size', fileOf({ a: { ...one, shape: [-1] } }, 4), 'the shape of tensor a'],
    ['a fractional size', fileOf({ a: { ...one, shape: [0.5] } }, 4), 'the shape of tensor a'],
    [
      'a wrong byte count',
      fileOf({ a: { ...one, shape: [2] } }, 4),
      'shape [2] takes 8 bytes, its data_offsets give 4',
    ],
    ['offsets backwards', fileOf({ a: { ...one, data_offsets: [4, 0] } }, 4), 'not a begin and an end'],
    ['offsets beyond', fileOf({ a: { ...one, data_offsets: [2 ** 40, 2 ** 40 + 4] } }, 4), 'unused bytes'],
    ['a gap', fileOf({ a: one, b: { ...one, data_offsets: [5, 9] } }, 9), '1 unused bytes before tensor b'],
    [
      'an overlap',
      fileOf({ a: one, b: { ...one, data_offsets: [2, 6] } }, 6),
      'tensor b overlaps another one',
    ],
  ])('%s', async (_, bytes, message) => {
    const file = path('wrong.safetensors');
    await writeFile(file, bytes);
    const line = await refusal(() => readSafetensors(file));
    expect(line.startsWith(file)).toBe(true);
    expect(line).toContain(message);
    expect(await refusal(() => readSafetensorsHeader(file))).toBe(line);
    expect(await refusal(() => decodeSafetensors(bytes, file))).toBe(line);
  });

  test('a missing file, a folder', async () => {
    expect(await refusal(() => readSafetensors(path('gone.safetensors')))).toMatch(
      /^cannot read .*gone\.safetensors: it does not exist/,
    );
    expect(await refusal(() => readSafetensorsHeader(path()))).toContain('it is a folder, not a file');
  });
});

describe('writing', () => {
  const tensors = new Map([['a', float32(1)]]);

  test('replaces a former file and leaves nothing beside it', async () => {
    await writeSafetensors(path('twice', 'a.safetensors'), { tensors: everyKind });
    await writeSafetensors(path('twice', 'a.safetensors'), { tensors });
    expect(await readdir(path('twice'))).toEqual(['a.safetensors']);
    expect((await readSafetensors(path('twice', 'a.safetensors'))).tensors).toEqual(tensors);
  });

  test('into a folder that may not be written, or below a file', async () => {
    await mkdir(path('locked'));
    await chmod(path(), 0o755);
    await chmod(path('locked'), 0o555);
    const line = await refusal(() =>
      withoutPrivileges(() => writeSafetensors(path('locked', 'a.safetensors'), { tensors })),
    );
    expect(line).toMatch(/^cannot write .*a\.safetensors: access is not allowed/);
    expect(await readdir(path('locked'))).toEqual([]);
    await writeFile(path('file'), '');
    expect(await refusal(() => writeSafetensors(path('file', 'a.safetensors'), { tensors }))).toMatch(
      /^cannot write .*(?:in the way|is a file, not a folder)/,
    );
    expect(await refusal(() => writeSafetensors(path('locked'), { tensors }))).toMatch(/it is a folder/);
  });

  test('on a disk that gets full: the former file stays, nothing is left beside it', async () => {
    const file = path('full', 'a.safetensors');
    await writeSafetensors(file, { tensors });
    const before = await readFile(file);
    const printed = await withFullDisk(
      `import { writeSafetensors } from ${JSON.stringify(import.meta.resolve('#src/weights/index.js'))};
       const tensors = new Map([['a', { dtype: 'F32', shape: [20000], data: new Float32Array(20000) }]]);
       await writeSafetensors(process.argv[1], { tensors }).catch((error) => console.log(error.name + ': ' + error.message));`,
      file,
    );
    expect(printed).toMatch(/^RevelaError: cannot write .*a\.safetensors: the file would be larger[^\n]*\n$/);
    expect(await readdir(path('full'))).toEqual(['a.safetensors']);
    expect(await readFile(file)).toEqual(before);
  });

  test('tensors that are none', () => {
    const encode = (name: string, tensor: StoredTensor) => () =>
      encodeSafetensors({ tensors: new Map([[name, tensor]]) });
    expect(encode('a', { dtype: 'F32', shape: [2], data: Float32Array.of(1) })).toThrow(
      'tensor a of F32 has the shape [2] and 1 numbers',
    );
    expect(encode('a', { dtype: 'F32', shape: [-1, -1], data: Float32Array.of(1) })).toThrow(RangeError);
    expect(encode('__metadata__', float32(1))).toThrow(RangeError);
  });
});
