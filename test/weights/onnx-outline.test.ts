import { readFile, truncate, writeFile } from 'node:fs/promises';
import { create } from '@bufbuild/protobuf';
import { TensorProtoSchema } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { encodeModel } from '#src/compile/encode-model.js';
import { compile } from '#src/compile/index.js';
import { createRandom } from '#src/random.js';
import * as t from '#src/tensor/index.js';
import { readOnnxOutline } from '#src/weights/index.js';
import { refusal, temporaryFolder } from './files.js';

const path = temporaryFolder();

const model = compile(
  t.trace(({ input }) => ({
    y: t.exp(t.multiply(input('x', [2, 3]), t.constant(new Float32Array(6), [2, 3]))),
  })),
);

describe('the outline of an ONNX model', () => {
  test('its ports, nodes and operator set', async () => {
    await writeFile(path('model.onnx'), model.bytes);
    expect(await readOnnxOutline(path('model.onnx'))).toEqual({
      fileSize: model.bytes.length,
      producer: 'revela',
      description: '',
      opset: 21,
      metadata: {},
      inputs: [{ name: 'x', shape: [2, 3] }],
      outputs: [{ name: 'y', shape: [2, 3] }],
      nodes: 2,
    });
  });

  test('its metadata, texts and free extents', async () => {
    const port = { name: 'p', shape: [1, 'height'], dtype: 'float32' } as const;
    const parts = { nodes: [], initialisers: [], inputs: [port], outputs: [port] };
    const label = {
      metadata: { licence: 'CC0-1.0', größe: '½' },
      producerVersion: '1.2.3',
      description: 'one\ntwo',
    };
    await writeFile(path('label.onnx'), encodeModel(parts, label));
    expect(await readOnnxOutline(path('label.onnx'))).toMatchObject({
      producer: 'revela 1.2.3',
      description: 'one\ntwo',
      metadata: { licence: 'CC0-1.0', größe: '½' },
      inputs: [{ name: 'p', shape: [1, 'height'] }],
      nodes: 0,
    });
  });

  test('of an old one, whose weights are listed among its inputs, names what it takes alone', async () => {
    const port = (name: string) => ({ name, shape: [1, 3], dtype: 'float32' }) as const;
    const weight = create(TensorProtoSchema, { name: 'w', dims: [3n], dataType: 1, floatData: [0, 0, 0] });
    const parts = { nodes: [], initialisers: [weight], inputs: [port('x'), port('w')], outputs: [port('y')] };
    await writeFile(path('old.onnx'), encodeModel(parts));
    expect((await readOnnxOutline(path('old.onnx'))).inputs).toEqual([{ name: 'x', shape: [1, 3] }]);
  });

  test('is read without the numbers: of a file of a gigabyte that lies nowhere', async () => {
    // A field of 1 GiB of zeros that nobody knows (number 100), after the model: stepped over, never read.
    const length = 2 ** 30;
    const head = Uint8Array.of(0xa2, 0x06, 0x80, 0x80, 0x80, 0x80, 0x04);
    await writeFile(path('large.onnx'), Buffer.concat([model.bytes, head]));
    await truncate(path('large.onnx'), model.bytes.length + head.length + length);
    const outline = await readOnnxOutline(path('large.onnx'));
    expect(outline.fileSize).toBe(model.bytes.length + head.length + length);
    expect(outline.nodes).toBe(2);
  });
});

describe('what is no model', () => {
  test.each([
    ['an empty file', new Uint8Array(0)],
    ['text', new TextEncoder().encode('No model, but some words.')],
    ['zeros', new Uint8Array(100)],
    ['a number that never ends', new Uint8Array(100).fill(0xff)],
    ['a length without bytes', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f)],
    ['a text of a gigabyte', Uint8Array.of(0x12, 0x80, 0x80, 0x80, 0x80, 0x04)],
  ])('%s is refused in one line', async (_, bytes) => {
    await writeFile(path('none.onnx'), bytes);
    expect(await refusal(() => readOnnxOutline(path('none.onnx')))).toMatch(
      /none\.onnx is not a whole ONNX model \(/,
    );
  });

  test('a missing file', async () => {
    expect(await refusal(() => readOnnxOutline(path('gone.onnx')))).toMatch(
      /cannot read .*gone\.onnx: it does not exist/,
    );
  });

  test('a model that is cut off anywhere', async () => {
    for (let length = 0; length < model.bytes.length; length += 7) {
      await writeFile(path('cut.onnx'), model.bytes.subarray(0, length));
      // Cut between two of its last fields it may be a whole message, which lacks what it lacks.
      const outline = await readOnnxOutline(path('cut.onnx')).catch((error: unknown) => error);
      if (outline instanceof Error) expect(outline.message).toMatch(/is not a whole ONNX model/);
      else expect(outline).toMatchObject({ nodes: 2 });
    }
  });

  test('a model with wrong bytes ends in an outline or in one line, never otherwise', async () => {
    const random = createRandom(8);
    const whole = await readFile(path('model.onnx'));
    for (let i = 0; i < 300; i++) {
      const bytes = Uint8Array.from(whole);
      for (let n = 0; n < 4; n++) bytes[random.integer(bytes.length)] = random.integer(256);
      await writeFile(path('wrong.onnx'), bytes);
      const result = await readOnnxOutline(path('wrong.onnx')).catch((error: unknown) => error);
      if (result instanceof Error) expect(result).toMatchObject({ name: 'RevelaError' });
    }
  });
});
