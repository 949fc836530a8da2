import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, compileLoop } from '#src/compile/index.js';
import type { Runtime } from '#src/runtime/index.js';
import { createRuntime } from '#src/runtime/node/index.js';
import { add, cast, constant, input, multiply, type TensorValue, trace } from '#src/tensor/index.js';
import { additionModel, floats, longFeeds, longModel } from './programs.js';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 2 });
});
afterAll(() => runtime.close());

test('says what runs', () => {
  expect(runtime.device).toBe('cpu');
  expect(runtime.threads).toBe(2);
  expect(runtime.description).toBe('CPU, 2 threads');
});

describe('runs', () => {
  test('give the outputs by name, in their shapes', async () => {
    const executable = await runtime.load(additionModel([2, 3]));
    const { fetched, kept } = await executable.run({
      x: floats([2, 3], (i) => i),
      y: floats([2, 3], (i) => 10 * i),
    });
    expect(fetched.total).toEqual({
      data: Float32Array.of(0, 11, 22, 33, 44, 55),
      shape: [2, 3],
      dtype: 'float32',
    });
    expect(fetched.sum).toEqual({ data: Float32Array.of(165), shape: [], dtype: 'float32' });
    expect(kept).toEqual({});
    await executable.release();
  });

  test('take and give every element type', async () => {
    const program = trace(({ input: declare }) => ({
      int32: add(declare('a', [2], 'int32'), 1),
      int64: declare('b', [2], 'int64'),
      bool: declare('c', [2], 'bool'),
      float32: cast(declare('d', [2], 'bool'), 'float32'),
    }));
    const executable = await runtime.load(compile(program));
    const { fetched } = await executable.run({
      a: { data: Int32Array.of(-3, 4), shape: [2], dtype: 'int32' },
      b: { data: BigInt64Array.of(-(2n ** 60n), 5n), shape: [2], dtype: 'int64' },
      c: { data: Uint8Array.of(1, 0), shape: [2], dtype: 'bool' },
      d: { data: Uint8Array.of(0, 1), shape: [2], dtype: 'bool' },
    });
    expect(fetched.int32?.data).toEqual(Int32Array.of(-2, 5));
    expect(fetched.int64?.data).toEqual(BigInt64Array.of(-(2n ** 60n), 5n));
    expect(fetched.bool?.data).toEqual(Uint8Array.of(1, 0));
    expect(fetched.float32?.data).toEqual(Float32Array.of(0, 1));
  });

  test('take a compiled model of any size', async () => {
    // More than a megabyte, from which on a message to the worker lies in shared memory.
    const length = 300_000;
    const table = constant(
      Float32Array.from({ length }, (_, i) => i),
      [length],
    );
    const program = trace(({ input: declare }) => ({ y: add(declare('x', [length]), table) }));
    await using executable = await runtime.load(compile(program));
    const { fetched } = await executable.run({ x: floats([length], () => 1) });
    expect(fetched.y?.data[length - 1]).toBe(length);
  });

  test('leave the caller its numbers, unless it hands them over', async () => {
    const executable = await runtime.load(additionModel([3]));
    const feeds = { x: floats([3], () => 1), y: floats([3], () => 2) };
    await executable.run(feeds);
    expect(feeds.x.data).toEqual(Float32Array.of(1, 1, 1));
    const { fetched } = await executable.run(feeds, { transfer: true });
    expect(fetched.total?.data).toEqual(Float32Array.of(3, 3, 3));
    expect(feeds.x.data.length).toBe(0);
  });

  test('see the numbers of the moment of the call', async () => {
    const executable = await runtime.load(additionModel([3]));
    const x = floats([3], () => 1);
    const pending = executable.run({ x, y: x });
    x.data.set([7, 7, 7]);
    expect((await pending).fetched.total?.data).toEqual(Float32Array.of(2, 2, 2));
  });

  test('take memory that threads share', async () => {
    const executable = await runtime.load(additionModel([3]));
    const data = new Float32Array(new SharedArrayBuffer(12)).fill(4);
    const { fetched } = await executable.run({
      x: { data, shape: [3], dtype: 'float32' },
      y: floats([3], () => 1),
    });
    expect(fetched.total?.data).toEqual(Float32Array.of(5, 5, 5));
  });

  test('leave the event loop free', async () => {
    const executable = await runtime.load(longModel());
    let done = false;
    const run = executable.run(longFeeds).finally(() => {
      done = true;
    });
    let turns = 0;
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
    await run;
    expect(turns).toBeGreaterThan(100);
  });
});

describe('tensors on the device', () => {
  test('go up, stay, are fed, and come back', async () => {
    const executable = await runtime.load(additionModel([4]), { keep: ['total'] });
    const x = await runtime.upload(floats([4], (i) => i));
    let y = await runtime.upload(floats([4], () => 1));
    for (let step = 0; step < 3; step++) {
      const { fetched, kept } = await executable.run({ x, y });
      expect(Object.keys(fetched)).toEqual(['sum']);
      y.release();
      const next = kept.total;
      if (next === undefined) throw new Error('nothing was kept');
      expect(next.shape).toEqual([4]);
      y = next;
    }
    expect(await runtime.download(y)).toEqual({
      data: Float32Array.of(1, 4, 7, 10),
      shape: [4],
      dtype: 'float32',
    });
    // A download is a copy: it can be done twice.
    expect((await runtime.download(y)).data).toEqual(Float32Array.of(1, 4, 7, 10));
  });

  test('take new numbers', async () => {
    const tensor = await runtime.upload(floats([3]));
    await runtime.write(
      tensor,
      floats([3], (i) => -i),
    );
    expect((await runtime.download(tensor)).data).toEqual(Float32Array.of(-0, -1, -2));
    await expect(runtime.write(tensor, floats([4]))).rejects.toThrow('expects float32 [3]');
  });

  test('a run decides anew what it keeps and fetches', async () => {
    const executable = await runtime.load(additionModel([2]), { keep: ['total'] });
    const feeds = { x: floats([2], () => 1), y: floats([2], () => 2) };
    const only = await executable.run(feeds, { keep: [], fetch: ['total'] });
    expect(Object.keys(only.fetched)).toEqual(['total']);
    expect(only.kept).toEqual({});
    const both = await executable.run(feeds, { keep: ['total', 'sum'], fetch: ['sum'] });
    expect(both.fetched.sum?.data).toEqual(Float32Array.of(6));
    expect(Object.keys(both.kept)).toEqual(['total', 'sum']);
    const none = await executable.run(feeds, { keep: [], fetch: [] });
    expect(none).toEqual({ fetched: {}, kept: {} });
  });

  test('cannot be used after their release, nor with another runtime', async () => {
    const tensor = await runtime.upload(floats([2]));
    await using other = await createRuntime({ device: 'cpu', threads: 1 });
    await expect(other.download(tensor)).rejects.toThrow('belongs to another runtime');
    tensor.release();
    tensor.release();
    await expect(runtime.download(tensor)).rejects.toThrow('used after its release');
  });

  test('are released after the runs that were asked for before', async () => {
    const executable = await runtime.load(additionModel([2]));
    const x = await runtime.upload(floats([2], () => 3));
    const run = executable.run({ x, y: x });
    x.release();
    expect((await run).fetched.total?.data).toEqual(Float32Array.of(6, 6));
  });
});

describe('loops', () => {
  const loop = compileLoop({
    inputs: [input('p', [1]), input('g', [1]), input('rate', [])],
    outputs: {},
  });

  test('work in place, on sets of any length', async () => {
    const program = trace(({ input: declare }) => ({
      'weights.0': add(declare('weights.0', [1]), multiply(declare('rate', []), declare('gradient', [1]))),
    }));
    const compiled = await runtime.loadLoop(compileLoop(program));
    const sets = await Promise.all(
      [1, 5, 1000].map(async (length) => ({
        'weights.0': await runtime.upload(floats([length], (i) => i)),
        gradient: await runtime.upload(floats([length], () => 2)),
      })),
    );
    await compiled.run(sets, { rate: -0.5 });
    await compiled.run(sets, { rate: -0.5 });
    for (const set of sets) {
      const [length = 0] = set['weights.0'].shape;
      expect((await runtime.download(set['weights.0'])).data).toEqual(
        Float32Array.from({ length }, (_, i) => i - 2),
      );
      expect((await runtime.download(set.gradient)).data).toEqual(new Float32Array(length).fill(2));
    }
  });

  test('say what they miss', async () => {
    const compiled = await runtime.loadLoop(loop);
    const p = await runtime.upload(floats([3]));
    const g = await runtime.upload(floats([4]));
    await expect(compiled.run([{ p }], { rate: 1 })).rejects.toThrow('the loop needs g');
    await expect(compiled.run([{ p, g: p }], {})).rejects.toThrow('the loop needs rate');
    await expect(compiled.run([{ p, g }], { rate: 1 })).rejects.toThrow('arrays of 3, 4 numbers');
    await compiled.release();
    await expect(compiled.run([{ p, g: p }], { rate: 1 })).rejects.toThrow('this loop was released');
  });
});

describe('bad input', () => {
  test.each<[string, Record<string, TensorValue>, string]>([
    ['a missing feed', { x: floats([2]) }, 'the program needs y, which was not given'],
    ['a wrong shape', { x: floats([2]), y: floats([3]) }, 'expects float32 [2] for y, got float32 [3]'],
    [
      'a wrong type',
      { x: floats([2]), y: { data: new Int32Array(2), shape: [2], dtype: 'int32' } },
      'expects float32 [2] for y, got int32 [2]',
    ],
    [
      'an array of another type than its dtype',
      { x: floats([2]), y: { data: new Int32Array(2), shape: [2], dtype: 'float32' } },
      'a float32 tensor needs a Float32Array, got a Int32Array',
    ],
  ])('%s', async (_, feeds, message) => {
    const executable = await runtime.load(additionModel([2]));
    await expect(executable.run(feeds)).rejects.toThrow(message);
  });

  test('an output that the program has not', async () => {
    const executable = await runtime.load(additionModel([2]));
    const feeds = { x: floats([2]), y: floats([2]) };
    await expect(executable.run(feeds, { keep: ['loss'] })).rejects.toThrow('no output loss to keep');
  });

  test('bytes that are no model, in one line', async () => {
    const model = { ...additionModel([2]), bytes: Uint8Array.of(1, 2, 3) };
    const error = await runtime.load(model).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'RevelaError',
      message: expect.stringMatching(/^[^\n]*protobuf[^\n]*$/i),
    });
    expect(String(error)).not.toMatch(/\.cc|onnxruntime_src/);
  });

  test('a program that was released', async () => {
    const executable = await runtime.load(additionModel([2]));
    await executable.release();
    await expect(executable.run({ x: floats([2]), y: floats([2]) })).rejects.toThrow(
      'this program was released',
    );
  });
});
