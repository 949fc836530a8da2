import { describe, expect, test } from 'vitest';
import { createRandom } from '#src/nn/index.js';
import type { Tensor } from '#src/tensor/index.js';
import {
  absolute,
  broadcastTo,
  elementCount,
  gradientsOf,
  input,
  max,
  maximum,
  maxPool2d,
  minimum,
  multiply,
  relu,
  reshape,
  step,
  sum,
  add,
  topologicalOrder,
} from '#src/tensor/index.js';
import { type Case, inputsOf, numbersFor } from './case.js';
import { cases, primitives } from './cases.js';
import { interpret } from './interpreter.js';
import { type Feeds, get } from './interpreter-numbers.js';

const STEP = 1e-5;
const TOLERANCE = 1e-6;

/** (f(x + h) − f(x − h)) / 2h, and how it compares with what was computed. */
function expectSlope(f: (offset: number) => number, computed: number, what: string): void {
  const numeric = (f(STEP) - f(-STEP)) / (2 * STEP);
  const error = Math.abs(computed - numeric) / Math.max(1, Math.abs(numeric));
  expect(error, `${what}: computed ${computed}, measured ${numeric}`).toBeLessThan(TOLERANCE);
}

const values = (tensor: Tensor, feeds: Feeds): Float64Array => {
  const [result] = interpret([tensor], feeds);
  if (result === undefined) throw new Error('nothing was computed');
  return result.data;
};

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, x, i) => total + x * get(b, i), 0);
}

const draw = (length: number, seed: number): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from({ length }, () => random.uniform() * 2 - 1);
};

/** A case with its numbers, and L = Σ upstream · output to differentiate. */
function prepared(one: Case) {
  const inputs = inputsOf(one);
  const output = one.build(...inputs);
  const feeds: Record<string, Float64Array> = Object.fromEntries(
    one.inputs.map((spec, i) => [`${i}`, numbersFor(spec, i)]),
  );
  feeds['upstream'] = draw(elementCount(output.shape), 99);
  const upstream = input('upstream', output.shape);
  const floats = one.inputs.flatMap((spec, i) =>
    spec.dtype === 'float32' && one.stopped?.includes(i) !== true ? [`${i}`] : [],
  );
  const gradients = gradientsOf(output, inputs, upstream);
  return { inputs, output, upstream, feeds, floats, gradients };
}

/** The feeds with one array changed. */
const changed = (feeds: Feeds, name: string, change: (x: number, i: number) => number): Feeds => ({
  ...feeds,
  [name]: (feeds[name] ?? new Float64Array()).map(change),
});

describe.each(primitives)('the gradient of %s', (primitive) => {
  test.each(cases[primitive])('agrees with finite differences: $name', (one) => {
    const { output, feeds, floats, gradients } = prepared(one);
    expect(topologicalOrder([output]).map((tensor) => tensor.primitive)).toContain(primitive);
    const upstream = feeds['upstream'] ?? new Float64Array();
    const computed = interpret(gradients, feeds);
    expect(computed.map(({ shape }) => shape)).toEqual(one.inputs.map(({ shape }) => shape));
    for (const name of floats) {
      const slopes = computed[Number(name)]?.data ?? [];
      for (const [i, slope] of slopes.entries())
        expectSlope(
          (h) =>
            dot(
              values(
                output,
                changed(feeds, name, (x, j) => (j === i ? x + h : x)),
              ),
              upstream,
            ),
          slope,
          `input ${name}, element ${i}`,
        );
    }
    for (const stopped of one.stopped ?? []) expect(computed[stopped]?.data.every((x) => x === 0)).toBe(true);
  });

  test.each(cases[primitive])('can be differentiated again: $name', (one) => {
    const { inputs, upstream, feeds, floats, gradients } = prepared(one);
    const targets = [...floats.flatMap((name) => inputs[Number(name)] ?? []), upstream];
    const names = [...floats, 'upstream'];
    // Σ over the gradients, each weighed by random numbers, as a function of everything that was fed.
    const weighed = floats.map((name, i) => {
      const gradient = gradients[Number(name)] ?? upstream;
      return sum(multiply(gradient, input(`weights ${i}`, gradient.shape)));
    });
    const total = weighed.reduce(add);
    const all: Feeds = {
      ...feeds,
      ...Object.fromEntries(
        floats.map((name, i) => [`weights ${i}`, draw(feeds[name]?.length ?? 0, 200 + i)]),
      ),
    };
    const second = interpret(gradientsOf(total, targets), all);
    for (const [k, name] of names.entries()) {
      const direction = draw(all[name]?.length ?? 0, 300 + k);
      expectSlope(
        (h) =>
          get(
            values(
              total,
              changed(all, name, (x, i) => x + h * get(direction, i)),
            ),
            0,
          ),
        dot(second[k]?.data ?? new Float64Array(), direction),
        `along ${name}`,
      );
    }
  });
});

describe('where there is no slope', () => {
  /** dΣ build(x)·upstream / dx at given numbers. */
  function slopes(
    build: (...x: Tensor[]) => Tensor,
    inputs: readonly (readonly number[])[],
    shape?: readonly number[],
  ): number[][] {
    const tensors = inputs.map((numbers, i) => input(`${i}`, [numbers.length]));
    const output = build(...tensors.map((x) => (shape === undefined ? x : reshape(x, shape))));
    const upstream = broadcastTo(input('one', []), output.shape);
    const feeds: Feeds = {
      one: Float64Array.of(1),
      ...Object.fromEntries(inputs.map((numbers, i) => [`${i}`, Float64Array.from(numbers)])),
    };
    return interpret(gradientsOf(output, tensors, upstream), feeds).map(({ data }) => [...data]);
  }

  test('|x| and relu are flat at 0', () => {
    expect(slopes(absolute, [[-1, 0, 1]])).toEqual([[-1, 0, 1]]);
    expect(slopes(relu, [[-1, 0, 1]])).toEqual([[0, 0, 1]]);
    expect(slopes(step, [[-1, 0, 1]])).toEqual([[0, 0, 0]]);
  });

  test('equal operands of maximum and minimum get half each', () => {
    expect(
      slopes(maximum, [
        [1, 2, 3],
        [3, 2, 1],
      ]),
    ).toEqual([
      [0, 0.5, 1],
      [1, 0.5, 0],
    ]);
    expect(
      slopes(minimum, [
        [1, 2, 3],
        [3, 2, 1],
      ]),
    ).toEqual([
      [1, 0.5, 0],
      [0, 0.5, 1],
    ]);
  });

  test('equal maxima of an axis share the gradient', () => {
    expect(slopes((x) => max(x, 0), [[4, 1, 4, 4]])).toEqual([[1 / 3, 0, 1 / 3, 1 / 3]]);
  });

  test('the first of equal pixels of a window takes the gradient', () => {
    const pool = (x: Tensor): Tensor => maxPool2d(x, { kernel: 2 });
    expect(slopes(pool, [[7, 7, 7, 7]], [1, 1, 2, 2])).toEqual([[1, 0, 0, 0]]);
    expect(slopes(pool, [[0, 5, 5, 1]], [1, 1, 2, 2])).toEqual([[0, 1, 0, 0]]);
    expect(slopes(pool, [[-1, -3, -2, -1]], [1, 1, 2, 2])).toEqual([[1, 0, 0, 0]]);
    expect(slopes((x) => maxPool2d(x, { kernel: 3 }), [[1, 2, 3, 3, 0, 3, 1, 1, 3]], [1, 1, 3, 3])).toEqual([
      [0, 0, 1, 0, 0, 0, 0, 0, 0],
    ]);
    // Windows over the border: padding is no pixel, even where all pixels are 0.
    const overhanging = (x: Tensor): Tensor => maxPool2d(x, { kernel: 2, stride: 2, ceil: true });
    expect(slopes(overhanging, [[0, 0, 0, 0, 0, 0, 0, 0, 0]], [1, 1, 3, 3])).toEqual([
      [1, 0, 1, 0, 0, 0, 1, 0, 1],
    ]);
  });

  test('overlapping windows that choose the same pixel add up', () => {
    const pool = (x: Tensor): Tensor => maxPool2d(x, { kernel: 2, stride: 1 });
    expect(slopes(pool, [[0, 0, 0, 0, 9, 0, 0, 0, 0]], [1, 1, 3, 3])).toEqual([[0, 0, 0, 0, 4, 0, 0, 0, 0]]);
  });
});

describe('gradientsOf', () => {
  const x = input('x', [2]);

  test('gives zeros to a tensor that has no part in the loss', () => {
    const [gradient] = gradientsOf(sum(x), [input('y', [2, 3])]);
    expect(interpret(gradient === undefined ? [] : [gradient], {})[0]?.data).toEqual(new Float64Array(6));
  });

  test('differentiates with respect to a tensor in the middle', () => {
    const y = multiply(x, 3);
    const gradients = gradientsOf(sum(multiply(y, y)), [y, x]);
    const [dy, dx] = interpret(gradients, { x: Float64Array.of(1, -2) });
    expect([...(dy?.data ?? [])]).toEqual([6, -12]);
    expect([...(dx?.data ?? [])]).toEqual([18, -36]);
  });

  test('gives 1 for the loss itself', () => {
    const loss = sum(x);
    expect(interpret(gradientsOf(loss, [loss]), { x: Float64Array.of(1, 2) })[0]?.data).toEqual(
      Float64Array.of(1),
    );
  });

  test('wants a scalar, or the upstream gradient', () => {
    expect(() => gradientsOf(x, [x])).toThrow(/must be a scalar, got \[2\]/);
  });

  test('handles a chain of a hundred thousand operations', () => {
    let y: Tensor = x;
    for (let i = 0; i < 100_000; i++) y = add(y, x);
    const [gradient] = gradientsOf(sum(y), [x]);
    expect(gradient?.shape).toEqual([2]);
  });
});
