import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readWeightsFile, readWeightsHeader, toFloat32 } from '#src/weights/index.js';
import {
  floats,
  legacyCheckpoint,
  make,
  numbersOf,
  type Piece,
  storage,
  tensor,
  type View,
  zipCheckpoint,
  zipOf,
  pickle,
} from './checkpoint-files.js';
import { temporaryFolder } from './files.js';

const path = temporaryFolder();
const sixNumbers = floats(0, 1, 2, 3, 4, 5);
const view = (change: Partial<View> = {}): Piece =>
  tensor({ storage: '0', length: 6, shape: [2, 3], ...change });

/** The numbers of the only tensor of a checkpoint whose storage `0` is 0 to 5. */
async function numbersIn(piece: Piece): Promise<readonly number[]> {
  const { tensors } = await readWeightsFile(zipCheckpoint(make.dict({ t: piece }), { 0: sixNumbers }));
  const t = tensors.get('t');
  return t === undefined ? [] : [...toFloat32(t)];
}

describe('tensors of a checkpoint', () => {
  const dict = make.dict({ weight: view(), bias: view({ offset: 3, shape: [3] }) });
  const legacyDict = make.dict({
    weight: view({ legacy: true }),
    bias: view({ offset: 3, shape: [3], legacy: true }),
  });
  const expected = [
    ['weight', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) }],
    ['bias', { dtype: 'F32', shape: [3], data: Float32Array.of(3, 4, 5) }],
  ];

  test.each([
    ['pytorch', 'stored', zipCheckpoint(dict, { 0: sixNumbers })],
    ['pytorch', 'deflated', zipCheckpoint(dict, { 0: sixNumbers }, { deflate: true })],
    [
      'pytorch-legacy',
      'in a stream',
      legacyCheckpoint(legacyDict, { 0: { length: 6, content: sixNumbers } }),
    ],
  ])(
    'are read from %s files, %s, from disk and memory, whatever the name',
    async (format, packing, bytes) => {
      await writeFile(path(`${format}-${packing}.bin`), bytes);
      for (const source of [path(`${format}-${packing}.bin`), new Uint8Array(bytes)]) {
        const file = await readWeightsFile(source);
        expect(file).toMatchObject({ format, wrapper: [], prefix: '', metadata: {} });
        expect([...file.tensors]).toEqual(expected);
        const header = await readWeightsHeader(source);
        expect(header.format).toBe(format);
        expect([...header.tensors].map(([key, { dtype, shape }]) => [key, dtype, shape])).toEqual([
          ['weight', 'F32', [2, 3]],
          ['bias', 'F32', [3]],
        ]);
      }
    },
  );

  test.each([
    ['whole', {}, [0, 1, 2, 3, 4, 5]],
    ['transposed', { shape: [3, 2], strides: [1, 3] }, [0, 3, 1, 4, 2, 5]],
    ['every second from the second', { shape: [2], strides: [2], offset: 1 }, [1, 3]],
    ['repeated by a stride of 0', { shape: [2, 2], strides: [0, 1], offset: 4 }, [4, 5, 4, 5]],
    ['a single number', { shape: [], offset: 5 }, [5]],
    ['none', { shape: [0, 7], offset: 6 }, []],
    ['axes of one, whatever their stride', { shape: [1, 6, 1], strides: [999, 1, 0] }, [0, 1, 2, 3, 4, 5]],
  ])('that are views: %s', async (_, change, numbers) => {
    expect(await numbersIn(view(change))).toEqual(numbers);
  });

  test('of every type, transposed', async () => {
    const kinds = {
      DoubleStorage: ['F64', Float64Array.of(1, 2, 3, 4)],
      HalfStorage: ['F16', Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400)],
      BFloat16Storage: ['BF16', Uint16Array.of(0x3f80, 0x4000, 0x4040, 0x4080)],
      LongStorage: ['I64', BigInt64Array.of(1n, -2n, 3n, -(2n ** 62n))],
      IntStorage: ['I32', Int32Array.of(1, 2, 3, 4)],
      ShortStorage: ['I16', Int16Array.of(1, 2, 3, 4)],
      CharStorage: ['I8', Int8Array.of(1, 2, 3, -4)],
      ByteStorage: ['U8', Uint8Array.of(1, 2, 3, 255)],
      BoolStorage: ['BOOL', Uint8Array.of(1, 0, 0, 1)],
    } as const;
    for (const [storageClass, [dtype, data]] of Object.entries(kinds)) {
      const piece = tensor({ storage: '0', storageClass, length: 4, shape: [2, 2], strides: [1, 2] });
      const { tensors } = await readWeightsFile(
        zipCheckpoint(make.dict({ t: piece }), { 0: numbersOf(data) }),
      );
      expect(tensors.get('t')).toMatchObject({ dtype, shape: [2, 2] });
      expect([...(tensors.get('t')?.data ?? [])]).toEqual([data[0], data[2], data[1], data[3]]);
    }
  });

  test('of a storage of bytes, as PyTorch writes unsigned numbers', async () => {
    const bytesOf = storage({ storage: '0', storageClass: 'UntypedStorage', length: 6 });
    const args = [make.number(1), make.numbers([2]), make.numbers([1]), make.no, make.none];
    const piece = make.call(
      'torch._utils',
      '_rebuild_tensor_v3',
      bytesOf,
      ...args,
      make.name('torch', 'uint16'),
    );
    const bytes = zipCheckpoint(make.dict({ t: piece }), { 0: numbersOf(Uint16Array.of(1, 2, 65_535)) });
    const { tensors } = await readWeightsFile(bytes);
    expect(tensors.get('t')).toEqual({ dtype: 'U16', shape: [2], data: Uint16Array.of(2, 65_535) });
  });

  test('that are parameters, or of a subclass', async () => {
    const parameter = make.call('torch._utils', '_rebuild_parameter', view(), make.no, make.none);
    expect(await numbersIn(parameter)).toHaveLength(6);
    const args = [storage({ storage: '0', length: 6 }), make.number(0), make.numbers([6]), make.numbers([1])];
    const subclass = make.call(
      'torch._tensor',
      '_rebuild_from_type_v2',
      make.name('torch._utils', '_rebuild_tensor_v2'),
      make.name('torch.nn.parameter', 'Parameter'),
      make.tuple(...args),
      make.none,
    );
    expect(await numbersIn(subclass)).toHaveLength(6);
  });

  test('of an OrderedDict as Python 2 wrote it, a list of pairs', async () => {
    const pairs = make.list(make.list(make.text('t'), view({ shape: [6] })));
    const { tensors } = await readWeightsFile(
      zipCheckpoint(make.call('collections', 'OrderedDict', pairs), { 0: sixNumbers }),
    );
    expect([...tensors.keys()]).toEqual(['t']);
  });
});

describe('state dicts are found', () => {
  const weights = make.dict({ w: view() });
  const others = make.dict({ w: view({ shape: [1] }) });
  const found = async (root: Piece) => {
    const { tensors, wrapper, metadata } = await readWeightsFile(zipCheckpoint(root, { 0: sixNumbers }));
    return { keys: [...tensors.keys()], shape: tensors.get('w')?.shape, wrapper, metadata };
  };
  const isWeights = { keys: ['w'], shape: [2, 3] };

  test.each(['state_dict', 'params', 'params_ema', 'model', 'model_state_dict', 'anything'])(
    'under %s, with what lies beside it',
    async (key) => {
      const root = make.dict({ epoch: make.number(7), note: make.text('good'), [key]: weights });
      const metadata = { epoch: '7', note: 'good' };
      expect(await found(root)).toEqual({ ...isWeights, wrapper: [key], metadata });
    },
  );

  test('averaged weights before others, the state of an optimiser never', async () => {
    const root = make.dict({ optimizer: make.dict({ state: others }), params: others, params_ema: weights });
    expect(await found(root)).toMatchObject({ ...isWeights, wrapper: ['params_ema'] });
    const chosen = await found(make.dict({ optimizer: others, denoiser: weights }));
    expect(chosen).toMatchObject({ ...isWeights, wrapper: ['denoiser'] });
  });

  test('in several wrappers', async () => {
    const root = make.dict({ model: make.dict({ state_dict: weights, epoch: make.number(1) }) });
    expect(await found(root)).toEqual({
      ...isWeights,
      wrapper: ['model', 'state_dict'],
      metadata: { epoch: '1' },
    });
  });

  test('in a TorchScript archive, by the paths of attributes', async () => {
    const conv = make.module('nn.Conv2d', { training: make.no, weight: view(), bias: make.none });
    const root = make.module('Net', {
      scale: view({ shape: [] }),
      body: make.module('nn.Sequential', { 0: conv, 1: make.module('nn.ReLU', {}) }),
    });
    const bytes = zipOf({
      'net/data.pkl': pickle(root),
      'net/code/__torch__/net.py': Buffer.from('import os'),
      'net/constants.pkl': pickle(make.tuple()),
      'net/data/0': sixNumbers,
    });
    const { format, tensors } = await readWeightsFile(bytes);
    expect(format).toBe('torchscript');
    expect([...tensors].map(([key, { shape }]) => [key, shape])).toEqual([
      ['scale', []],
      ['body.0.weight', [2, 3]],
    ]);
  });

  test('and prefixes of known wrappers are taken off, others only where they lead to a known network', async () => {
    const bytes = zipCheckpoint(make.dict({ 'module.unet.w': view(), 'module.unet.b': view() }), {
      0: sixNumbers,
    });
    const plain = await readWeightsHeader(bytes);
    expect(plain.prefix).toBe('module.');
    expect([...plain.tensors.keys()]).toEqual(['unet.w', 'unet.b']);
    const known = await readWeightsFile(bytes, { recognises: (shapes) => shapes['w']?.length === 2 });
    expect(known.prefix).toBe('module.unet.');
    expect([...known.tensors.keys()]).toEqual(['w', 'b']);
  });
});
