import { expect } from 'vitest';
import type { CompiledModel } from '#src/compile/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { Program, TensorValue } from '#src/tensor/index.js';
import { isPrimitive } from '#src/tensor/index.js';
import { numbersFor } from '../tensor/case.js';
import { interpret } from '../tensor/interpreter.js';
import { run } from './running.js';

/**
 * Runs a program on random numbers in [−1, 1], and compares all of its results with double precision.
 *
 * @param compiled what it was compiled to; default: as the runtime compiles it
 */
export async function expectRightNumbers(
  runtime: Runtime,
  program: Program,
  compiled: Program | CompiledModel = program,
): Promise<void> {
  const numbers: Record<string, Float64Array> = {};
  const feeds: Record<string, TensorValue> = {};
  for (const [i, tensor] of program.inputs.entries()) {
    if (!isPrimitive(tensor, 'input')) continue;
    const { shape } = tensor;
    const data = numbersFor({ shape, dtype: 'float32', range: [-1, 1] }, i);
    numbers[tensor.attributes.name] = data;
    feeds[tensor.attributes.name] = { data: Float32Array.from(data), shape, dtype: 'float32' };
  }
  const actual = await run(runtime, compiled, feeds);
  const expected = interpret(Object.values(program.outputs), numbers);
  for (const [i, name] of Object.keys(program.outputs).entries()) {
    const right = expected[i]?.data ?? new Float64Array();
    const left = Float64Array.from(actual[name]?.data ?? [], Number);
    const difference = Math.hypot(...right.map((value, k) => value - (left[k] ?? Number.NaN)));
    expect(difference / Math.max(1e-3, Math.hypot(...right)), name).toBeLessThan(2e-5);
  }
}
