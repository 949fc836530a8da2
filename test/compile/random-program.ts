import { createRandom } from '#src/nn/index.js';
import type { Program, Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { numbersFor } from '../tensor/case.js';

/** Shapes that broadcast against each other in many ways. */
const shapes: readonly (readonly number[])[] = [
  [],
  [1],
  [3],
  [1, 3],
  [2, 1],
  [2, 3],
  [1, 1],
  [4, 1, 3],
  [4, 2, 3],
  [1, 2, 1],
];

const operands: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  t.add,
  t.subtract,
  t.multiply,
  t.maximum,
  t.minimum,
  (a, b) => t.divide(a, t.add(t.absolute(b), 0.5)),
  (a, b) => t.where(t.greater(a, b), a, t.multiply(b, 0.5)),
];

const singles: readonly ((x: Tensor) => Tensor)[] = [
  t.negate,
  t.tanh,
  t.sigmoid,
  t.absolute,
  t.relu,
  t.stopGradient,
  (x) => t.add(x, 0),
  (x) => t.multiply(1, x),
  (x) => t.subtract(x, t.filled(0, [1])),
  (x) => t.multiply(x, t.broadcastTo(t.scalar(1), [2, 3])),
  (x) => t.divide(x, t.filled(2, [1, 1])),
  (x) => t.multiply(t.multiply(x, 0.5), t.add(0.25, t.scalar(0.5))),
];

/**
 * A random program of some twenty operations over shapes that stretch, shrink and repeat, with its gradients:
 * what the simplifications of the compiler work on. Its inputs and outputs are exact in single precision.
 */
export function randomProgram(seed: number): {
  readonly program: Program;
  readonly numbers: Readonly<Record<string, Float64Array>>;
} {
  const random = createRandom(seed, 11);
  const pick = <T>(list: readonly T[]): T => {
    const item = list[random.integer(list.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  };
  const numbers: Record<string, Float64Array> = {};
  const program = t.trace((declare) => {
    const inputs = ['a', 'b', 'c'].map((name, i) => {
      const shape = pick(shapes);
      numbers[name] = numbersFor({ shape, dtype: 'float32', range: [-2, 2] }, seed * 3 + i);
      return declare.input(name, shape);
    });
    const made: Tensor[] = [...inputs];
    /** The operation's result, or x where the shapes do not suit it. */
    const attempt = (x: Tensor, operation: () => Tensor): Tensor => {
      try {
        return operation();
      } catch (error) {
        if (error instanceof RangeError) return x;
        throw error;
      }
    };
    for (let i = 0; i < 20; i++) {
      const x = pick(made);
      const y = pick(made);
      const axis = random.integer(3);
      const choices: readonly (() => Tensor)[] = [
        () => pick(singles)(x),
        () => pick(operands)(x, y),
        () => pick(operands)(t.broadcastTo(x, pick(shapes)), t.broadcastTo(y, pick(shapes))),
        () => t.broadcastTo(x, pick(shapes)),
        () => t.sum(x, { axes: [axis], keepAxes: random.integer(2) === 0 }),
        () => t.mean(x),
        () => t.max(x, axis, true),
        () => t.reshape(x, [-1, 1]),
        () => t.transpose(x, [1, 0]),
        () => t.slice(x, { axis, start: t.extent(x.shape, axis) - 1, length: 2, step: -1 }),
        () => t.slice(t.concat([x, x], axis), { axis, start: 0, length: t.extent(x.shape, axis) }),
      ];
      const result = attempt(x, pick(choices));
      // Products of products grow too large to compare.
      if (t.elementCount(result.shape) <= 48) made.push(i % 5 === 4 ? t.tanh(result) : result);
    }
    const last = made.slice(-3).map((x) => t.tanh(x));
    const loss = last.map((x) => t.sum(x)).reduce((a, b) => t.add(a, b));
    return {
      ...Object.fromEntries(last.map((x, i) => [`out ${i}`, x])),
      ...Object.fromEntries(t.gradientsOf(loss, inputs).map((x, i) => [`gradient ${i}`, x])),
    };
  });
  return { program, numbers };
}
