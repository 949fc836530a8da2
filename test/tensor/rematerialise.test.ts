import { describe, expect, test } from 'vitest';
import { simplify } from '#src/compile/index.js';
import type { Tensor } from '#src/tensor/index.js';
import {
  add,
  byteCount,
  gelu,
  gradientsOf,
  input,
  matmul,
  mean,
  multiply,
  rematerialise,
  standardise,
  subtract,
  sum,
  topologicalOrder,
} from '#src/tensor/index.js';
import { interpret } from './interpreter.js';

const weights = ['w0', 'w1', 'w2', 'w3'].map((name) => input(name, [64, 64]));
const x = input('x', [64, 64]);

/** A feed-forward network as in a transformer: normalised, gated, and added to what came in. */
function lossOf(): Tensor {
  const [w0 = x, w1 = x, w2 = x, w3 = x] = weights;
  const normalised = standardise(matmul(x, w0), [1], 1e-5);
  const gated = multiply(gelu(matmul(normalised, w1)), matmul(normalised, w2));
  return mean(multiply(matmul(gated, w3), x));
}

/** The primitives of what the forward pass keeps for the backward pass, sorted, and the bytes that they take. */
function keptBy(loss: Tensor, gradients: readonly Tensor[]) {
  const outputs = Object.fromEntries(gradients.map((gradient, i) => [`g${i}`, gradient]));
  const simple = simplify({ inputs: [x, ...weights], outputs: { loss, ...outputs } });
  const simpleLoss = simple.outputs['loss'] ?? loss;
  const forward = new Set(topologicalOrder([simpleLoss]));
  const kept = new Set<Tensor>();
  for (const tensor of topologicalOrder(Object.values(simple.outputs)))
    if (!forward.has(tensor)) for (const used of tensor.inputs) if (forward.has(used)) kept.add(used);
  const large = [...kept].filter(({ primitive, shape }) => primitive !== 'input' && shape.length === 2);
  const whole = large.filter(({ shape }) => shape[1] === 64);
  return {
    primitives: whole.map(({ primitive }) => primitive).sort(),
    bytes: whole.reduce((total, tensor) => total + byteCount(tensor), 0),
  };
}

const wave = (phase: number) => Float64Array.from({ length: 4096 }, (_, i) => Math.sin(0.7 * i + phase) / 8);
const feeds = { x: wave(0), w0: wave(1), w1: wave(2), w2: wave(3), w3: wave(4) };

describe('what is kept for the gradients', () => {
  test('is less, where it can be made again of the rest', () => {
    const loss = lossOf();
    const gradients = gradientsOf(loss, weights);
    const before = keptBy(loss, gradients);
    const after = keptBy(loss, rematerialise(loss, gradients, 0));
    // The normalised features, the gate and the gated features are made again; the centred features and both halves stay.
    expect(before.primitives).toEqual(['gelu', 'matmul', 'matmul', 'multiply', 'multiply', 'subtract']);
    expect(after.primitives).toEqual(['matmul', 'matmul', 'subtract']);
    expect(after.bytes).toBe(before.bytes / 2);
  });

  test('gives the same gradients', () => {
    const loss = lossOf();
    const gradients = gradientsOf(loss, weights);
    const expected = interpret(gradients, feeds);
    const found = interpret(rematerialise(loss, gradients, 0), feeds);
    for (const [index, { data }] of expected.entries()) expect(found[index]?.data).toEqual(data);
  });

  test('stays as it is where it takes little memory', () => {
    const loss = lossOf();
    const gradients = gradientsOf(loss, weights);
    expect(rematerialise(loss, gradients)).toBe(gradients);
  });

  test('is not made again over long ways', () => {
    let y: Tensor = x;
    const terms: Tensor[] = [];
    for (const w of [...weights, ...weights]) {
      const f = matmul(x, w);
      terms.push(multiply(f, f));
      y = add(y, f);
      terms.push(multiply(y, y));
    }
    const loss = sum(terms.reduce(add));
    const gradients = rematerialise(loss, gradientsOf(loss, weights), 0);
    // Sums of three at most are made again; every fourth is kept.
    expect(keptBy(loss, gradients).primitives.filter((primitive) => primitive === 'add')).toHaveLength(2);
    const expected = interpret(gradientsOf(loss, weights), feeds);
    for (const [index, { data }] of interpret(gradients, feeds).entries())
      expect(data).toEqual(expected[index]?.data);
  });

  test('includes gradients that are tensors of the forward pass', () => {
    const loss = sum(subtract(multiply(x, 2), x));
    const [gradient] = rematerialise(loss, gradientsOf(loss, [x]), 0);
    expect(interpret(gradient === undefined ? [] : [gradient], feeds)[0]?.data.every((g) => g === 1)).toBe(
      true,
    );
  });
});
