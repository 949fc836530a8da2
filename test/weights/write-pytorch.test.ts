import { readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { encodePytorch, readWeightsFile, type StoredTensor, writePytorch } from '#src/weights/index.js';
import { refusal, temporaryFolder } from './files.js';

const path = temporaryFolder();

const everyKind: ReadonlyMap<string, StoredTensor> = new Map<string, StoredTensor>([
  ['10', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1.5, -2, 0, 3e-40) }],
  ['2', { dtype: 'F64', shape: [], data: Float64Array.of(Math.PI) }],
  ['__proto__', { dtype: 'I64', shape: [1], data: BigInt64Array.of(-(2n ** 63n)) }],
  ['names "quoted" \\ and ü', { dtype: 'I16', shape: [1], data: Int16Array.of(-32_768) }],
  ['half', { dtype: 'F16', shape: [1], data: Uint16Array.of(0x3c00) }],
  ['brain', { dtype: 'BF16', shape: [1], data: Uint16Array.of(0x3f80) }],
  ['i8', { dtype: 'I8', shape: [1, 1, 1], data: Int8Array.of(-128) }],
  ['i32', { dtype: 'I32', shape: [1], data: Int32Array.of(-(2 ** 31)) }],
  ['u8', { dtype: 'U8', shape: [300], data: new Uint8Array(300).fill(255) }],
  ['flags', { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ['none', { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) }],
]);

test('what is written is read: every kind, in order, from a new folder and from memory', async () => {
  await writePytorch(path('new', 'all.pth'), everyKind);
  for (const source of [path('new', 'all.pth'), encodePytorch(everyKind)]) {
    const { format, tensors } = await readWeightsFile(source);
    expect(format).toBe('pytorch');
    expect([...tensors]).toEqual([...everyKind]);
  }
  expect(await readdir(path('new'))).toEqual(['all.pth']);
});

test('the same weights make the same bytes, and numbers lie at multiples of 64', () => {
  const bytes = Buffer.from(encodePytorch(everyKind));
  expect(bytes.equals(encodePytorch(everyKind))).toBe(true);
  for (const [at] of [...everyKind].entries()) {
    const name = `archive/data/${at}`;
    const header = bytes.indexOf(name) - 30;
    const begin = header + 30 + name.length + bytes.readUInt16LE(header + 28);
    expect(begin % 64).toBe(0);
  }
});

test('a part of a larger buffer is written alone', async () => {
  const data = Float32Array.of(0, 1, 2, 3).subarray(1, 3);
  const { tensors } = await readWeightsFile(
    encodePytorch(new Map([['part', { dtype: 'F32', shape: [2], data }]])),
  );
  expect(tensors.get('part')?.data).toEqual(Float32Array.of(1, 2));
});

test('types that PyTorch has no storages for are refused, and nothing is written', async () => {
  const tensors = new Map<string, StoredTensor>([
    ['u', { dtype: 'U32', shape: [1], data: Uint32Array.of(1) }],
  ]);
  const line = await refusal(() => writePytorch(path('u.pth'), tensors));
  expect(line).toMatch(/u\.pth.*U32.*tensor u.*safetensors/);
});

test('a place that cannot be written is refused in one line', async () => {
  await writeFile(path('file'), '');
  expect(await refusal(() => writePytorch(path('file', 'x.pth'), everyKind))).toMatch(
    /^cannot write .*x\.pth: /,
  );
});
