import { expect, test } from 'vitest';
import { RevelaError } from '#src/errors.js';
import { createRandom, type Random } from '#src/random.js';
import { encodePytorch, readWeightsFile } from '#src/weights/index.js';
import { floats, legacyCheckpoint, make, pickle, tensor, zipCheckpoint, zipOf } from './checkpoint-files.js';

const six = floats(0, 1, 2, 3, 4, 5);
const weights = (legacy: boolean) =>
  make.dict({
    epoch: make.number(3),
    state_dict: make.dict({
      weight: tensor({ storage: '0', length: 6, shape: [3, 2], strides: [1, 3], legacy }),
      bias: tensor({ storage: '1', length: 2, shape: [2], legacy }),
    }),
  });
const storages = { 0: six, 1: floats(7, 8) };
const module = make.module('Net', {
  a: make.module('Conv', { w: tensor({ storage: '0', length: 6, shape: [6] }) }),
});

const seeds: Readonly<Record<string, Uint8Array>> = {
  stored: zipCheckpoint(weights(false), storages),
  deflated: zipCheckpoint(weights(false), storages, { deflate: true }),
  legacy: legacyCheckpoint(weights(true), {
    0: { length: 6, content: six },
    1: { length: 2, content: floats(7, 8) },
  }),
  torchscript: zipOf({
    'n/data.pkl': pickle(module),
    'n/constants.pkl': pickle(make.tuple()),
    'n/data/0': six,
  }),
  own: encodePytorch(new Map([['w', { dtype: 'F32', shape: [6], data: Float32Array.of(0, 1, 2, 3, 4, 5) }]])),
};

/** Instructions that pickles are made of at random, with those of the allow-list's names among them. */
const instructions = [
  ...'(.012NI]})tluaesdbRobQ',
  ...'\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x81',
  'K\x03',
  'q\x00',
  'h\x00',
  'h\x01',
  'ccollections\nOrderedDict\n',
  'ctorch\nFloatStorage\n',
  'ctorch._utils\n_rebuild_tensor_v2\n',
  'c__torch__.A\nB\n',
  'cargparse\nNamespace\n',
  'X\x07\x00\x00\x00storage',
  'X\x01\x00\x00\x000',
  'X\x05\x00\x00\x00model',
  '\x8c\x02os',
  'I12\n',
  'F1.5\n',
];

/** Changes a few bytes, cuts, repeats or moves a part. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = random.integer(copy.length);
  const length = random.integer(Math.min(64, copy.length - at));
  switch (random.integer(5)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]);
    case 2:
      return Buffer.concat([copy.subarray(0, at + length), copy.subarray(at)]);
    case 3: {
      const extreme = [0, 0xff, 0x7f, 0x80][random.integer(4)] ?? 0;
      return copy.fill(extreme, at, Math.min(copy.length, at + 1 + random.integer(8)));
    }
    default:
      for (let flips = 1 + random.integer(4); flips > 0; flips--) {
        const place = random.integer(copy.length);
        copy[place] = (copy[place] ?? 0) ^ (1 << random.integer(8));
      }
      return copy;
  }
}

/** Reads bytes; returns whether they were weights. Any other end than weights and a one-line RevelaError fails. */
async function isReadOrRefused(bytes: Uint8Array): Promise<boolean> {
  try {
    const { tensors } = await readWeightsFile(bytes);
    for (const { shape, data } of tensors.values())
      expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
    return true;
  } catch (error) {
    if (!(error instanceof RevelaError)) throw error;
    expect(error.message).not.toMatch(/\n/);
    expect(error.message.length).toBeLessThan(2000);
    return false;
  }
}

test.each(Object.entries(seeds))(
  '800 changes of a small file (%s) end in weights or one line',
  async (name, seed) => {
    expect(await isReadOrRefused(seed)).toBe(true);
    let refused = 0;
    for (let round = 0; round < 800; round++) {
      const random = createRandom(round, name.length);
      let bytes = mutate(seed, random);
      if (random.integer(3) === 0 && bytes.length > 0) bytes = mutate(bytes, random);
      if (!(await isReadOrRefused(bytes))) refused++;
    }
    expect(refused).toBeGreaterThan(100);
  },
);

test('2000 changed pickles in archives whose sums are right end in weights or one line', async () => {
  const original = pickle(weights(false));
  for (let round = 0; round < 2000; round++) {
    const changed = mutate(original, createRandom(round, 1));
    const data = { 'a/data/0': six, 'a/data/1': floats(7, 8) };
    await isReadOrRefused(zipOf({ 'a/data.pkl': changed, ...data }));
  }
});

test('3000 pickles of random instructions end in weights or one line', async () => {
  for (let round = 0; round < 3000; round++) {
    const random = createRandom(round, 2);
    const parts = Array.from(
      { length: 1 + random.integer(60) },
      () => instructions[random.integer(instructions.length)] ?? '',
    );
    const piece = Buffer.from(parts.join(''), 'latin1');
    const bytes = round % 2 === 0 ? zipCheckpoint(piece, storages) : legacyCheckpoint(piece);
    await isReadOrRefused(bytes);
  }
});
