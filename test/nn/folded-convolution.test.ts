import { describe, expect, test } from 'vitest';
import {
  applyNetwork,
  convolutionOfAffine,
  declareParameters,
  type Network,
  scaledConvolution,
} from '#src/nn/index.js';
import type { Shape, Tensor, TensorRecord } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { numbersFor } from '../tensor/case.js';
import { interpret } from '../tensor/interpreter.js';

const OUT = 5;
const CHANNELS = 3;

/** Both spellings: of an image smaller than the weight, and of a larger one. */
const images: readonly Shape[] = [
  [1, CHANNELS, 1, 2],
  [2, CHANNELS, 4, 5],
];

/** Outputs and gradients in all inputs, in double precision, of a network with extra inputs of these shapes. */
function evaluated(
  network: (extra: TensorRecord) => Network,
  shape: Shape,
  extra: Readonly<Record<string, Shape>>,
): readonly Float64Array[] {
  const inputs = Object.fromEntries(Object.entries(extra).map(([key, of]) => [key, t.input(key, of)]));
  const declared = declareParameters(network(inputs), shape);
  const parameters = Object.fromEntries([...declared].map(([key, p]) => [key, t.input(key, p.shape)]));
  const x = t.input('x', shape);
  const y = applyNetwork(network(inputs), parameters, x);
  const all = { x, ...parameters, ...inputs };
  const loss = t.sum(t.multiply(y, t.sigmoid(y)));
  const feeds = Object.fromEntries(
    Object.entries(all).map(([key, { shape: of }]) => [
      key,
      numbersFor({ shape: of, dtype: 'float32', range: [-1, 1] }, key.length),
    ]),
  );
  return interpret([y, ...t.gradientsOf(loss, Object.values(all))], feeds).map(({ data }) => data);
}

function expectSame(actual: readonly Float64Array[], expected: readonly Float64Array[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [k, values] of expected.entries()) {
    expect(actual[k]?.length).toBe(values.length);
    for (const [i, value] of values.entries()) expect(actual[k]?.[i]).toBeCloseTo(value, 10);
  }
}

const perChannel = (x: Tensor): Tensor => t.reshape(x, [1, -1, 1, 1]);

/** The same by the book: the layer's own parameters, nothing folded. */
const plain = (x: Tensor, find: (name: string, of: Shape) => Tensor, biased = true): Tensor =>
  t.conv2d(x, find('weight', [OUT, CHANNELS, 1, 1]), biased ? find('bias', [OUT]) : undefined);

describe.each(images)('of an image [%i, %i, %i, %i]', (...shape: number[]) => {
  test.each([true, false])('a convolution of scaled and shifted channels, with its bias: %s', (bias) => {
    const extra = { scale: [CHANNELS], shift: [CHANNELS] };
    const folded = evaluated(
      ({ scale = t.scalar(0), shift = t.scalar(0) }) =>
        (scope, x) =>
          convolutionOfAffine(scope, x, { weight: scale, bias: shift }, OUT, { bias }),
      shape,
      extra,
    );
    const expected = evaluated(
      ({ scale = t.scalar(0), shift = t.scalar(0) }) =>
        (scope, x) => {
          const moved = t.add(t.multiply(x, perChannel(scale)), perChannel(shift));
          return plain(moved, (name, of) => scope.parameter(name, of, () => new Float32Array()), bias);
        },
      shape,
      extra,
    );
    expectSame(folded, expected);
  });

  test('a convolution of channels that are only scaled', () => {
    const extra = { scale: [CHANNELS] };
    const folded = evaluated(
      ({ scale = t.scalar(0) }) =>
        (scope, x) =>
          convolutionOfAffine(scope, x, { weight: scale }, OUT),
      shape,
      extra,
    );
    const expected = evaluated(
      ({ scale = t.scalar(0) }) =>
        (scope, x) =>
          plain(t.multiply(x, perChannel(scale)), (name, of) =>
            scope.parameter(name, of, () => new Float32Array()),
          ),
      shape,
      extra,
    );
    expectSame(folded, expected);
  });

  test('a convolution whose output is scaled', () => {
    const extra = { scale: [1, OUT, 1, 1] };
    const folded = evaluated(
      ({ scale = t.scalar(0) }) =>
        (scope, x) =>
          scaledConvolution(scope, x, scale),
      shape,
      extra,
    );
    const expected = evaluated(
      ({ scale = t.scalar(0) }) =>
        (scope, x) =>
          t.multiply(
            plain(x, (name, of) => scope.parameter(name, of, () => new Float32Array())),
            scale,
          ),
      shape,
      extra,
    );
    expectSame(folded, expected);
  });
});
