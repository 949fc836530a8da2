import { expect, test } from 'vitest';
import {
  branchedConvolution,
  convolution,
  declareParameters,
  foldBranches,
  initialiseParameters,
  normalWith,
  type ParameterScope,
  scopeOf,
} from '#src/nn/index.js';
import type { Tensor, TensorValue } from '#src/tensor/index.js';
import { add, gradientsOf, grouped, sigmoid, sum, trace } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';

const cpu = cpuRuntime();
const first = { weight: normalWith(0.4), bias: normalWith(0.3) };
const branched = (scope: ParameterScope, x: Tensor): Tensor => branchedConvolution(scope, x, 5, 2, first);
const own = initialiseParameters(declareParameters(branched, [1, 3, 4, 4]), 4);
const shape = [2, 3, 6, 7];
const x: TensorValue = {
  data: Float32Array.from({ length: 2 * 3 * 42 }, (_, i) => Math.sin(i * 0.7)),
  shape,
  dtype: 'float32',
};

/** The branches one after another, at every pixel: the row sees a border of zeros. */
function inTurn(scope: ParameterScope, image: Tensor): Tensor {
  const row = scope.at('conv');
  const wide = convolution(row.at(0), image, 6, 1, { padding: 1 });
  const looked = convolution(row.at(1), wide, 10, 3);
  return add(convolution(row.at(2), looked, 5, 1), convolution(scope.at('sk'), image, 5, 1));
}

test('is what its branches make one after another, border and gradients too', async () => {
  const program = trace(({ input, inputs }) => {
    const [picture, parameters] = [input('x', shape), inputs('p', own)];
    const learnt = Object.entries(parameters);
    const both = { once: branched(scopeOf(parameters), picture), turn: inTurn(scopeOf(parameters), picture) };
    const slopes = Object.entries(both).map(([name, y]) => {
      const gradients = gradientsOf(sum(curved(y)), [picture, ...learnt.map(([, tensor]) => tensor)]);
      const keys = ['x', ...learnt.map(([key]) => key)];
      return [`${name}-slopes`, Object.fromEntries(gradients.map((g, i) => [keys[i] ?? '', g]))] as const;
    });
    return { ...both, ...Object.fromEntries(slopes) };
  });
  const found = await run(cpu(), program, { x, ...grouped('p', own) });
  const names = ['', ...['x', ...Object.keys(own)].map((key) => `-slopes/${key}`)];
  for (const name of names) {
    const [once, turn] = [found[`once${name}`], found[`turn${name}`]];
    expect(once?.shape, name).toEqual(turn?.shape);
    expect(distance(once, turn), name).toBeLessThan(1e-5);
  }
});

test('folds into one convolution', async () => {
  const { weight, bias } = foldBranches(own);
  expect([weight.shape, bias.shape]).toEqual([[5, 3, 3, 3], [5]]);
  const program = trace(({ input, inputs }) => {
    const picture = input('x', shape);
    return {
      once: branched(scopeOf(inputs('p', own)), picture),
      plain: convolution(scopeOf(inputs('plain', { weight, bias })), picture, 5, 3, { padding: 1 }),
    };
  });
  const found = await run(cpu(), program, { x, ...grouped('p', own), ...grouped('plain', { weight, bias }) });
  expect(distance(found['plain'], found['once'])).toBeLessThan(1e-6);
});

test('cannot be folded without all of its branches', () => {
  const { 'conv.2.bias': _, ...others } = own;
  expect(() => foldBranches(others)).toThrow('there is no conv.2.bias');
});

/** A quantity whose slope differs from pixel to pixel. */
const curved = (y: Tensor): Tensor => sigmoid(y);

function distance(a: TensorValue | undefined, b: TensorValue | undefined): number {
  const expected = Array.from(b?.data ?? [], Number);
  const off = expected.map((value, i) => value - Number(a?.data[i]));
  return Math.hypot(...off) / Math.hypot(...expected);
}
