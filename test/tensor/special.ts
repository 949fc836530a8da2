import { expect } from 'vitest';
import type { Runtime } from '#src/runtime/index.js';
import type { Shape, Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { run } from '../compile/running.js';

/** Numbers of float32: squares of 1e-30 are nothing there, and of 1e30 infinite; zeros of both signs are one. */
export function expectNear(actual: number, expected: number, what: string): void {
  if (Number.isNaN(expected) || !Number.isFinite(expected) || expected === 0)
    expect(
      Object.is(actual + 0, expected + 0) || Math.abs(actual - expected) < 1e-35,
      `${what}: ${actual} for ${expected}`,
    ).toBe(true);
  else expect(Math.abs(actual / expected - 1), `${what}: ${actual} for ${expected}`).toBeLessThan(3e-6);
}

/** Numbers in a shape. */
export interface Filled {
  readonly shape: Shape;
  readonly numbers: readonly number[];
}

/** What PyTorch gives for a function of tensors at special numbers. */
export interface Special {
  readonly name: string;
  readonly of: (...inputs: Tensor[]) => Tensor;
  readonly inputs: readonly Filled[];
  /** dL/d value; ones where left out. */
  readonly upstream?: readonly number[];
  readonly value: readonly number[];
  /** dL/d input of the inputs, in order. */
  readonly gradients: readonly (readonly number[])[];
}

/** Runs a case forwards and backwards and compares with what it states. */
export async function expectSpecial(runtime: Runtime, special: Special): Promise<void> {
  const { name, of, inputs, value, gradients } = special;
  const upstream = special.upstream ?? value.map(() => 1);
  const program = t.trace(({ input }) => {
    const fed = inputs.map(({ shape }, i) => input(`x${i}`, shape));
    const y = of(...fed);
    const slopes = t.gradientsOf(y, fed, input('upstream', y.shape));
    return { y, ...Object.fromEntries(slopes.map((slope, i) => [`d${i}`, slope])) };
  });
  const fed = [...inputs.map((filled, i) => [`x${i}`, filled] as const)];
  const arriving: Filled = { shape: program.outputs['y']?.shape ?? [], numbers: upstream };
  const results = await run(
    runtime,
    program,
    Object.fromEntries(
      [...fed, ['upstream', arriving] as const].map(([key, { shape, numbers }]) => [
        key,
        { data: Float32Array.from(numbers), shape, dtype: 'float32' as const },
      ]),
    ),
  );
  for (const [key, expected] of [['y', value] as const, ...gradients.map((g, i) => [`d${i}`, g] as const)]) {
    const found = Array.from(results[key]?.data ?? [], Number);
    expect(found.length, `${name}: ${key}`).toBe(expected.length);
    for (const [i, number] of expected.entries())
      expectNear(found[i] ?? 0, number, `${name}: ${key}[${i}] of ${found.join(', ')}`);
  }
}
