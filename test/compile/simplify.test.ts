import { describe, expect, test } from 'vitest';
import { simplify } from '#src/compile/index.js';
import type { PrimitiveName, Program, Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { interpret } from '../tensor/interpreter.js';
import { get } from '../tensor/interpreter-numbers.js';
import { randomProgram } from './random-program.js';

const x = t.input('x', [2, 3]);
const row = t.input('row', [1, 3]);

/** Primitives of a program that compute something, sorted. */
function work(program: Program): PrimitiveName[] {
  return t
    .topologicalOrder(Object.values(program.outputs))
    .map(({ primitive }) => primitive)
    .filter((primitive) => primitive !== 'input' && primitive !== 'constant')
    .sort();
}

const simplified = (outputs: Readonly<Record<string, Tensor>>): Program =>
  simplify({ inputs: [x, row], outputs });

describe('simplify', () => {
  test('drops what no output needs, and inputs with it', () => {
    const program = simplified({ y: t.add(x, t.sum(x)) });
    expect(work(program)).toEqual(['add', 'reshape', 'sum']);
    expect(program.inputs).toEqual([x]);
  });

  test('computes equal things once', () => {
    const program = simplified({ y: t.add(t.multiply(t.exp(x), 2), t.multiply(t.exp(x), 2)) });
    expect(work(program)).toEqual(['add', 'exp', 'multiply']);
  });

  test('tells things apart that differ in an attribute, a constant or a type only', () => {
    const backwards = t.slice(x, { axis: 0, start: 1, length: 2, step: -1 });
    const constants = [t.filled(1, [2]), t.filled(1, [1, 2]), t.filled(0, [2]), t.filled(-0, [2])].map((c) =>
      t.divide(1, t.exp(c)),
    );
    const program = simplified({
      a: t.sum(x, { axes: [0] }),
      b: t.sum(x, { axes: [1] }),
      c: backwards,
      d: t.slice(backwards, { axis: 0, start: 1, length: 2, step: -1 }),
      ...Object.fromEntries(constants.map((c, i) => [`constant ${i}`, c])),
      integers: t.cast(t.constant(Int32Array.of(1, 1), [2]), 'float32'),
      wide: t.cast(t.constant(BigInt64Array.of(1n, 1n), [2]), 'float32'),
    });
    expect(new Set(Object.values(program.outputs)).size).toBe(Object.keys(program.outputs).length);
  });

  test('shares large constants that are the same array only', () => {
    const numbers = Float32Array.from({ length: 32 }, (_, i) => i);
    const shared = simplified({
      y: t.add(t.exp(t.constant(numbers, [32])), t.exp(t.constant(numbers, [32]))),
    });
    expect(work(shared)).toEqual(['add', 'exp']);
  });

  test('folds arithmetic of numbers', () => {
    const four = t.multiply(t.add(t.scalar(1), 1), t.subtract(t.scalar(5), t.divide(t.scalar(6), 2)));
    expect(work(simplified({ y: t.multiply(x, four) }))).toEqual(['multiply']);
    const [y] = interpret(Object.values(simplified({ y: t.multiply(x, four) }).outputs), {
      x: Float64Array.of(1, 2, 3, 4, 5, 6),
    });
    expect([...(y?.data ?? [])]).toEqual([4, 8, 12, 16, 20, 24]);
  });

  test.each<readonly [string, () => Tensor]>([
    ['x + 0', () => t.add(x, 0)],
    ['0 + x', () => t.add(0, x)],
    ['x − 0', () => t.subtract(x, 0)],
    ['x · 1', () => t.multiply(x, t.filled(1, [1, 1]))],
    ['1 · x', () => t.multiply(t.broadcastTo(t.scalar(1), [2, 3]), x)],
    ['x / 1', () => t.divide(x, 1)],
    ['stopGradient(x)', () => t.stopGradient(x)],
  ])('%s is x', (_, make) => {
    expect(simplified({ y: make() }).outputs['y']).toBe(x);
  });

  test.each<readonly [string, () => Tensor]>([
    ['0 − x', () => t.subtract(0, x)],
    ['1 / x', () => t.divide(1, x)],
    ['x · 0', () => t.multiply(x, 0)],
    ['a row + zeros of a larger shape', () => t.add(row, t.filled(0, [2, 1]))],
    ['a row · ones of a larger shape', () => t.multiply(t.broadcastTo(t.scalar(1), [2, 3]), row)],
    ['x to the power 1 of a larger shape', () => t.power(row, t.filled(1, [2, 1]))],
    ['maximum with 0', () => t.maximum(x, 0)],
  ])('%s stays', (_, make) => {
    const before = make();
    const after = simplified({ y: before }).outputs['y'];
    expect(after?.shape).toEqual(before.shape);
    const feeds = { x: Float64Array.of(1, -2, 3, 4, -5, 6), row: Float64Array.of(0.5, -1, 2) };
    expect(interpret(after === undefined ? [] : [after], feeds)).toEqual(interpret([before], feeds));
  });

  test('a broadcast goes where the other operand has the whole shape', () => {
    expect(work(simplified({ y: t.add(x, t.broadcastTo(row, [2, 3])) }))).toEqual(['add']);
    expect(work(simplified({ y: t.where(t.greater(x, 0), x, t.broadcastTo(row, [2, 3])) }))).toEqual([
      'greater',
      'where',
    ]);
  });

  test('of two broadcasts to the shape of the result one stays', () => {
    const stretched = t.add(t.broadcastTo(row, [2, 3]), t.broadcastTo(t.exp(row), [2, 3]));
    expect(work(simplified({ y: stretched }))).toEqual(['add', 'broadcast', 'exp']);
  });

  test('the program itself is left as it was', () => {
    const y = t.add(t.exp(x), t.exp(x));
    simplified({ y });
    expect(y.inputs[0]).not.toBe(y.inputs[1]);
  });

  test('results keep their shapes and values, with fewer nodes', () => {
    const seeds = Array.from({ length: 100 }, (_, seed) => seed);
    const nodes = { before: 0, after: 0 };
    for (const seed of seeds) {
      const { program, numbers } = randomProgram(seed);
      const after = simplify(program);
      const before = Object.values(program.outputs);
      const results = Object.values(after.outputs);
      expect(Object.keys(after.outputs)).toEqual(Object.keys(program.outputs));
      // What ONNX would make of it: operands that stretch by themselves must give the shape that was promised.
      for (const tensor of t.topologicalOrder(results))
        if (
          tensor.inputs.length === 2 &&
          ['add', 'subtract', 'multiply', 'divide'].includes(tensor.primitive)
        )
          expect(broadcast(tensor.inputs), `seed ${seed}`).toEqual(tensor.shape);
      const wanted = interpret(before, numbers);
      for (const [i, { shape, data }] of interpret(results, numbers).entries()) {
        expect(shape).toEqual(wanted[i]?.shape);
        for (const [k, value] of data.entries())
          expect(Math.abs(value - get(wanted[i]?.data ?? [], k)), `seed ${seed}`).toBeLessThan(1e-6);
      }
      nodes.before += t.topologicalOrder(before).length;
      nodes.after += t.topologicalOrder(results).length;
    }
    expect(nodes.after).toBeLessThan(0.9 * nodes.before);
  });
});

const broadcast = (tensors: readonly Tensor[]): readonly number[] =>
  tensors.map(({ shape }) => shape).reduce((a, b) => t.broadcastShapes(a, b, 'test'));
