import { expect, test } from 'vitest';
import { readWeightsFile } from '#src/weights/index.js';
import { make, zipCheckpoint } from './checkpoint-files.js';
import { refusal } from './files.js';

test.each([
  ['version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n', /pointer of Git LFS.*git lfs pull/],
  ['GGUF\x03\x00\x00\x00', /GGUF/],
  ['\x89HDF\r\n\x1a\n', /HDF5/],
  ['<!DOCTYPE html><html>', /page of the web/],
  ['\n  <html>', /page of the web/],
  ['{"error":"Repository not found"}', /JSON text, not weights/],
  ['\x1f\x8b\x08\x00', /packed with gzip; unpack/],
  ['7z\xbc\xaf\x27\x1c\x00', /7z archive; unpack/],
  ['7767517\n3 3\n', /NCNN/],
  ['\x1c\x00\x00\x00TFL3', /TensorFlow Lite/],
  ['\x08\x07\x12\x07pytorch\x1a\x05', /ONNX model/],
  ['hello, world', /holds no weights: it is neither/],
])('%j is told as what it is', async (start, words) => {
  expect(await refusal(() => readWeightsFile(Buffer.from(start, 'latin1')))).toMatch(words);
});

test('kinds of numbers that are not read are told, not called damage', async () => {
  const header = JSON.stringify({ a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = Buffer.concat([length, Buffer.from(header), Buffer.alloc(1)]);
  expect(await refusal(() => readWeightsFile(file))).toMatch(
    /numbers of the kind F8_E4M3 \(FP8\), which is not/,
  );
  const checkpoint = zipCheckpoint(make.dict({ a: make.name('torch', 'float8_e4m3fn') }));
  expect(await refusal(() => readWeightsFile(checkpoint))).toMatch(/kind float8_e4m3fn, which is not read/);
});
