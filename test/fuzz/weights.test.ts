import { writeFileSync } from 'node:fs';
import { compile } from '#src/compile/index.js';
import * as t from '#src/tensor/index.js';
import {
  decodeSafetensors,
  encodePytorch,
  encodeSafetensors,
  readArrays,
  readOnnxOutline,
  readWeightsFile,
  type StoredTensor,
} from '#src/weights/index.js';
import {
  floats,
  legacyCheckpoint,
  make,
  pickle,
  tensor,
  zipCheckpoint,
  zipOf,
} from '../weights/checkpoint-files.js';
import { matOf } from '../weights/mat-files.js';
import { drive } from './drive.js';
import { mutateBytes } from './mutate.js';

const six = floats(0, 1, 2, 3, 4, 5);
const storages = { 0: six, 1: floats(7, 8) };
const weights = (legacy: boolean) =>
  make.dict({
    epoch: make.number(3),
    state_dict: make.dict({
      weight: tensor({ storage: '0', length: 6, shape: [3, 2], strides: [1, 3], legacy }),
      bias: tensor({ storage: '1', length: 2, shape: [2], legacy }),
    }),
  });
const module = make.module('Net', {
  a: make.module('Conv', { w: tensor({ storage: '0', length: 6, shape: [6] }) }),
});
const tensors = new Map<string, StoredTensor>([
  ['w', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) }],
  ['count', { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) }],
]);
const safetensors = encodeSafetensors({ tensors, metadata: { task: 'denoise', größe: '½ "quoted"' } });

/** An array as NumPy writes it. */
function npy(shape: string, data: Uint8Array): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': True, 'shape': (${shape}), }\n`;
  const start = Buffer.from(`\x93NUMPY\x01\0\0\0${header}`, 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, data]);
}

const npz = [false, true].map((deflate) =>
  zipOf({ 'mu.npy': npy('2, 3', six), 'sigma.npy': npy('2,', floats(7, 8)) }, { deflate }),
);
const mat = matOf('cells', [
  { rows: 2, columns: 3, data: Float64Array.of(0, 1, 2, 3, 4, 5) },
  { rows: 1, columns: 1, data: Float64Array.of(7) },
]);
const onnx = compile(
  t.trace(({ input }) => ({
    y: t.exp(t.multiply(input('x', [2, 3]), t.constant(new Float32Array(6), [2, 3]))),
  })),
).bytes;

function inFile<Result>(bytes: Uint8Array, file: string, read: (file: string) => Result): Result {
  writeFileSync(file, bytes);
  return read(file);
}

drive([
  { name: 'safetensors', seeds: () => [safetensors], read: (bytes) => decodeSafetensors(bytes) },
  {
    name: 'PyTorch archive',
    seeds: () => [zipCheckpoint(weights(false), storages), encodePytorch(tensors)],
    read: (bytes) => readWeightsFile(bytes),
  },
  {
    name: 'pickle in a whole archive',
    seeds: () => [pickle(weights(false)), pickle(module)],
    mutate: mutateBytes,
    read: (bytes) =>
      readWeightsFile(zipOf({ 'a/data.pkl': bytes, 'a/data/0': six, 'a/data/1': floats(7, 8) })),
  },
  {
    name: 'old PyTorch checkpoint',
    seeds: () => [
      legacyCheckpoint(weights(true), {
        0: { length: 6, content: six },
        1: { length: 2, content: floats(7, 8) },
      }),
    ],
    read: (bytes) => readWeightsFile(bytes),
  },
  {
    name: 'TorchScript archive',
    seeds: () => [
      zipOf({ 'n/data.pkl': pickle(module), 'n/constants.pkl': pickle(make.tuple()), 'n/data/0': six }),
    ],
    read: (bytes) => readWeightsFile(bytes),
  },
  { name: 'NumPy archive', seeds: () => npz, read: (bytes, file) => inFile(bytes, file, readArrays) },
  { name: 'MATLAB file', seeds: () => [mat], read: (bytes, file) => inFile(bytes, file, readArrays) },
  { name: 'ONNX model', seeds: () => [onnx], read: (bytes, file) => inFile(bytes, file, readOnnxOutline) },
]);
