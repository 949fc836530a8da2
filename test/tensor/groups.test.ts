import { expect, test } from 'vitest';
import { grouped, groupOf, input, trace } from '#src/tensor/index.js';

test('groups are named as programs name them, and found again', () => {
  const { inputs, outputs } = trace((declare) => {
    const pair = declare.inputs('pair', { a: { shape: [1] }, b: { shape: [2] } });
    return { other: input('alone', [3]), results: pair };
  });
  expect(Object.keys(outputs)).toEqual(['other', 'results/a', 'results/b']);
  expect(groupOf(outputs, 'results')).toEqual({ a: inputs[0], b: inputs[1] });
  expect(grouped('results', groupOf(outputs, 'results'))).toEqual({
    'results/a': inputs[0],
    'results/b': inputs[1],
  });
});

test('a name that only begins alike is no member', () => {
  expect(groupOf({ 'pairs/a': 1, pair: 2, 'pair/x/y': 3 }, 'pair')).toEqual({ 'x/y': 3 });
});
