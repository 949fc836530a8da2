import { expect, test } from 'vitest';
import { add, concat, input, multiply, peakBytes, relu } from '#src/tensor/index.js';

const x = input('x', [10]);

test('a chain needs two of its tensors at a time', () => {
  expect(peakBytes([relu(relu(relu(x)))])).toBe(2 * 40);
});

test('what is used again later stays', () => {
  const kept = relu(x);
  expect(peakBytes([add(relu(relu(kept)), kept)])).toBe(3 * 40);
});

test('larger tensors count as they are, inputs not at all', () => {
  expect(peakBytes([concat([x, x, x], 0)])).toBe(120);
  expect(peakBytes([x])).toBe(0);
});

test('results stay to the end', () => {
  const [a, b] = [relu(x), multiply(x, x)];
  expect(peakBytes([a, b, relu(relu(b))])).toBe(4 * 40);
});
