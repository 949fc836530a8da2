import { describe, expect, test } from 'vitest';
import { compileLoop, LOOP_BLOCK } from '#src/compile/index.js';
import { adam, adamW, createRandom, movingAverage, sgd, type Optimiser } from '#src/nn/index.js';
import type { Program, Tensor, TensorValue } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { cpuRuntime, run } from './running.js';

const cpu = cpuRuntime();
const COUNT = 37;

const draw = (seed: number, scale: number): Float32Array => {
  const random = createRandom(seed, 3);
  return Float32Array.from({ length: COUNT }, () => random.normal() * scale);
};

const vector = (data: Float32Array): TensorValue => ({ data, shape: [data.length], dtype: 'float32' });
const number = (value: number): TensorValue => ({
  data: Float32Array.of(value),
  shape: [],
  dtype: 'float32',
});

/** One step of an optimiser and of the moving average of what it moves, for `length` numbers. */
function updateProgram(optimiser: Optimiser, length: number, prefix: string): Program {
  return t.trace(({ input }) => {
    const parameter = input('parameter', [length]);
    const average = input('average', [length]);
    const gradient = input('gradient', [length]);
    const slots = Object.fromEntries(optimiser.slots.map((slot) => [slot, input(slot, [length])]));
    const scalars = {
      learningRate: input('learningRate', []),
      step: input('step', []),
      gradientScale: input('gradientScale', []),
    };
    const next = optimiser.update(parameter, gradient, slots, scalars);
    const results: Record<string, Tensor> = {
      parameter: next.parameter,
      average: movingAverage(average, next.parameter, input('decay', [])),
      ...next.slots,
    };
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [prefix + name, tensor]));
  });
}

/** Runs a loop over arrays that are uploaded, and returns all of them as they are afterwards. */
async function looped(
  program: Program,
  arrays: Readonly<Record<string, Float32Array>>,
  scalars: Readonly<Record<string, number>> = {},
): Promise<Record<string, number[]>> {
  const loop = await cpu().loadLoop(compileLoop(program));
  const set = Object.fromEntries(
    await Promise.all(
      Object.entries(arrays).map(async ([name, data]) => [name, await cpu().upload(vector(data))] as const),
    ),
  );
  await loop.run([set], scalars);
  const results: Record<string, number[]> = {};
  for (const [name, tensor] of Object.entries(set)) {
    results[name] = Array.from((await cpu().download(tensor)).data, Number);
    tensor.release();
  }
  await loop.release();
  return results;
}

const optimisers: Readonly<Record<string, Optimiser>> = {
  adam: adam(),
  'adam with weight decay': adam({ betas: [0.8, 0.95], epsilon: 1e-4, weightDecay: 0.1 }),
  adamW: adamW({ weightDecay: 0.05 }),
  sgd: sgd(),
  'sgd with momentum and weight decay': sgd({ momentum: 0.9, weightDecay: 0.01 }),
};

describe('a loop', () => {
  test.each(Object.keys(optimisers))('steps like the ONNX program: %s', async (name) => {
    const optimiser = optimisers[name] ?? sgd();
    let state: Record<string, Float32Array> = { parameter: draw(1, 1), average: draw(2, 1) };
    for (const slot of optimiser.slots) state[slot] = new Float32Array(COUNT);
    let other = state;
    for (const step of [1, 2, 3]) {
      const gradient = draw(10 + step, 0.3);
      const numbers = { learningRate: 0.01 * step, step, gradientScale: 0.7, decay: 0.9 };
      const results = await looped(updateProgram(optimiser, 1, ''), { ...state, gradient }, numbers);
      const fetched = await run(cpu(), updateProgram(optimiser, COUNT, 'next/'), {
        ...Object.fromEntries(
          Object.entries({ ...other, gradient }).map(([key, data]) => [key, vector(data)]),
        ),
        ...Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, number(value)])),
      });
      expect(results['gradient']).toEqual([...gradient]);
      state = Object.fromEntries(
        Object.keys(state).map((key) => [key, Float32Array.from(results[key] ?? [])]),
      );
      other = Object.fromEntries(
        Object.keys(state).map((key) => [key, Float32Array.from(fetched[`next/${key}`]?.data ?? [], Number)]),
      );
      for (const [key, data] of Object.entries(state)) {
        expect(data.length).toBe(COUNT);
        for (const [i, value] of data.entries())
          expect(Math.abs(value - (other[key]?.[i] ?? Number.NaN)), `${key} ${i}`).toBeLessThan(2e-6);
      }
    }
  });

  test('knows the functions of one number', async () => {
    const functions = [t.negate, t.absolute, t.sign, t.exp, t.tanh, t.sigmoid, t.relu, t.step];
    const numbers = Float32Array.of(-3, -0.5, 0, 0.25, 2);
    const program = (length: number, prefix: string): Program =>
      t.trace(({ input }) =>
        Object.fromEntries(
          functions.map((f, i) => {
            const x = input(`x${i}`, [length]);
            return [
              `${prefix}x${i}`,
              t.power(t.add(t.sqrt(t.absolute(f(x))), 1), t.minimum(2, t.log(t.exp(x)))),
            ];
          }),
        ),
      );
    const arrays = Object.fromEntries(functions.map((_, i) => [`x${i}`, numbers]));
    const results = await looped(program(1, ''), arrays);
    const feeds = Object.fromEntries(functions.map((_, i) => [`x${i}`, vector(numbers)]));
    const fetched = await run(cpu(), program(numbers.length, 'y '), feeds);
    for (const i of functions.keys())
      for (const [k, value] of (results[`x${i}`] ?? []).entries())
        expect(value).toBeCloseTo(Number(fetched[`y x${i}`]?.data[k]), 4);
  });

  test('puts results where both came from, even when they change places', async () => {
    const swap = t.trace(({ input }) => {
      const [a, b] = [input('a', [1]), input('b', [1])];
      return { a: b, b: a };
    });
    expect(await looped(swap, { a: Float32Array.of(1, 2), b: Float32Array.of(3, 4) })).toEqual({
      a: [3, 4],
      b: [1, 2],
    });
  });

  test('works out before the loop what depends on numbers only: once, in doubles', () => {
    const { arrays, scalars, written, module } = compileLoop(
      t.trace(({ input }) => {
        const rate = t.power(0.9, input('step', []));
        return { x: t.multiply(t.add(input('x', [1]), input('y', [1])), rate) };
      }),
    );
    expect({ arrays, scalars, written }).toEqual({ arrays: ['x', 'y'], scalars: ['step'], written: [0] });
    const calls: number[][] = [];
    const power = (...numbers: number[]): number => {
      calls.push(numbers);
      return 2;
    };
    const memory = new WebAssembly.Memory({ initial: 2 });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module), { host: { power, memory } });
    const [x, y] = [0, 1].map((page) => new Float32Array(memory.buffer, page * 2 ** 16, LOOP_BLOCK));
    x?.fill(1, 0, 40);
    y?.fill(3, 0, 40);
    const { run: work } = instance.exports;
    expect(typeof work === 'function' && work(160, 5)).toBeUndefined();
    expect(calls).toEqual([[Math.fround(0.9), 5]]);
    expect(x?.subarray(0, 41)).toEqual(Float32Array.from({ length: 41 }, (_, i) => (i < 40 ? 8 : 0)));
    expect(y?.subarray(0, 41)).toEqual(Float32Array.from({ length: 41 }, (_, i) => (i < 40 ? 3 : 0)));
  });

  test.each([1, 3, 4, LOOP_BLOCK - 1, LOOP_BLOCK, 2 * LOOP_BLOCK + 5])(
    'works on every one of %i numbers, and on NaN as on others',
    async (length) => {
      const program = t.trace(({ input }) => ({
        x: t.maximum(t.multiply(input('x', [1]), 2), input('least', [])),
        seven: t.add(t.multiply(input('seven', [1]), 0), 7),
      }));
      const x = Float32Array.from({ length }, (_, i) => i - 2);
      x[length >> 1] = Number.NaN;
      const results = await looped(program, { x, seven: new Float32Array(length) }, { least: -1 });
      expect(results['x']).toEqual(Array.from(x, (value) => Math.max(2 * value, -1)));
      expect(results['seven']).toEqual(new Array<number>(length).fill(7));
    },
  );

  test('refuses what does not work element by element', () => {
    expect(() => compileLoop(t.trace(({ input }) => ({ x: t.softmax(input('x', [3])) })))).toThrow(
      /softmax does not work element by element/,
    );
  });

  test('refuses a result that has nowhere to go', () => {
    expect(() => compileLoop(t.trace(({ input }) => ({ y: t.exp(input('x', [1])) })))).toThrow(/output y/);
    expect(() => compileLoop(t.trace(({ input }) => ({ n: t.exp(input('n', [])) })))).toThrow(/output n/);
  });
});
