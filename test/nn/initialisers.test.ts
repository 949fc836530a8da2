import { describe, expect, test } from 'vitest';
import {
  biasUniform,
  constantValue,
  convolution,
  createRandom,
  declareParameters,
  initialiseParameters,
  kaimingNormal,
  kaimingUniform,
  parameterSpecs,
  scaledBy,
  applyNetwork,
  type Network,
} from '#src/nn/index.js';
import { input, relu } from '#src/tensor/index.js';

const mean = (data: Float32Array): number => data.reduce((sum, x) => sum + x, 0) / data.length;
const deviation = (data: Float32Array): number => Math.sqrt(mean(data.map((x) => x * x)) - mean(data) ** 2);
const largest = (data: Float32Array): number => data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

describe('initialisers', () => {
  test('kaimingUniform fills ±1/√fan-in', () => {
    const data = kaimingUniform([64, 8, 3, 3], createRandom(0));
    const bound = 1 / Math.sqrt(8 * 9);
    expect(data.length).toBe(64 * 72);
    expect(largest(data)).toBeLessThanOrEqual(Math.fround(bound));
    expect(largest(data)).toBeGreaterThan(0.99 * bound);
    expect(Math.abs(mean(data))).toBeLessThan(0.03 * bound);
    expect(deviation(data) / (bound / Math.sqrt(3))).toBeCloseTo(1, 1);
  });

  test('biasUniform fills ±1/√inputs', () => {
    const data = biasUniform(25)([2000], createRandom(1));
    expect(largest(data)).toBeLessThanOrEqual(Math.fround(0.2));
    expect(largest(data)).toBeGreaterThan(0.198);
  });

  test('kaimingNormal has the deviation √(2 / (1 + a²) / fan-in)', () => {
    expect(deviation(kaimingNormal()([100, 50], createRandom(2)))).toBeCloseTo(Math.sqrt(2 / 50), 2);
    expect(deviation(kaimingNormal(1)([100, 50], createRandom(2)))).toBeCloseTo(Math.sqrt(1 / 50), 2);
  });

  test("scaledBy is another one's numbers, scaled", () => {
    const [plain, scaled] = [kaimingNormal(), scaledBy(0.25, kaimingNormal())];
    expect(scaled([3, 4], createRandom(7))).toEqual(plain([3, 4], createRandom(7)).map((x) => x / 4));
  });

  test('constantValue is the same everywhere', () => {
    expect(constantValue(0.5)([2, 2], createRandom(0))).toEqual(Float32Array.of(0.5, 0.5, 0.5, 0.5));
  });
});

describe('parameters', () => {
  const network: Network = (scope, x) => {
    const y = relu(convolution(scope.at('body').at(0), x, 4, 3, { padding: 1 }));
    const same = scope.at('body').at(2);
    return convolution(same, convolution(same, y, 4, 1, { groups: 2 }), 4, 1, { groups: 2, bias: true });
  };
  const declared = declareParameters(network, [1, 3, 8, 8]);

  test('are declared once, in order of use, under the paths of the scopes', () => {
    expect([...declared].map(([key, { shape }]) => [key, shape])).toEqual([
      ['body.0.weight', [4, 3, 3, 3]],
      ['body.0.bias', [4]],
      ['body.2.weight', [4, 2, 1, 1]],
      ['body.2.bias', [4]],
    ]);
    expect(parameterSpecs(declared)['body.0.bias']).toEqual({ shape: [4] });
  });

  test('get a stream each: the same seed the same numbers, whatever else there is', () => {
    const first = initialiseParameters(declared, 5);
    expect(initialiseParameters(declared, 5)).toEqual(first);
    expect(initialiseParameters(declared, 6)['body.0.weight']?.data).not.toEqual(
      first['body.0.weight']?.data,
    );
    expect(first['body.0.bias']?.data).not.toEqual(first['body.2.bias']?.data);
    const alone = new Map([...declared].filter(([key]) => key === 'body.2.weight'));
    expect(initialiseParameters(alone, 5)['body.2.weight']).toEqual(first['body.2.weight']);
  });

  test('are looked up by key, and refused with their shapes', () => {
    const x = input('x', [1, 3, 8, 8]);
    const given = Object.fromEntries([...declared].map(([key, { shape }]) => [key, input(key, shape)]));
    expect(applyNetwork(network, given, x).shape).toEqual([1, 4, 8, 8]);
    const { 'body.2.bias': _, ...fewer } = given;
    expect(() => applyNetwork(network, fewer, x)).toThrow(/body\.2\.bias \[4\]/);
    expect(() => applyNetwork(network, { ...given, 'body.0.bias': input('b', [5]) }, x)).toThrow(
      /body\.0\.bias must be \[4\], got \[5\]/,
    );
  });
});
