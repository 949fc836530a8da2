import { describe, expect, test } from 'vitest';
import { compile } from '#src/compile/index.js';
import { createRandom } from '#src/nn/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { Program, Tensor, TensorValue } from '#src/tensor/index.js';
import { add, conv2d, gradientsOf, input, isPrimitive, multiply, sum, trace } from '#src/tensor/index.js';
import { type Case, dataOf, inputsOf, numbersFor } from '../tensor/case.js';
import { cases, primitives } from '../tensor/cases.js';
import { interpret } from '../tensor/interpreter.js';
import { randomProgram } from './random-program.js';
import { cpuRuntime, run, webgpuRuntime } from './running.js';

/** Rounding of single precision over sums of some hundred terms. */
const TOLERANCE = 1e-5;

/** A program and what to feed it, in both precisions. */
interface Task {
  readonly program: Program;
  readonly numbers: Readonly<Record<string, Float64Array>>;
}

/** What a device computes and what the interpreter does: the largest difference, relative to the largest number. */
async function expectSameNumbers(runtime: Runtime, { program, numbers }: Task): Promise<void> {
  const feeds: Record<string, TensorValue> = {};
  for (const tensor of program.inputs) {
    const name = isPrimitive(tensor, 'input') ? tensor.attributes.name : '';
    const { shape, dtype } = tensor;
    feeds[name] = { data: dataOf(numbers[name] ?? new Float64Array(), dtype), shape, dtype };
  }
  const fetched = await run(runtime, program, feeds);
  const expected = interpret(Object.values(program.outputs), numbers);
  for (const [i, name] of Object.keys(program.outputs).entries()) {
    const [actual, wanted] = [fetched[name], expected[i]];
    expect(actual?.shape, name).toEqual(wanted?.shape);
    const right = wanted?.data ?? new Float64Array();
    const left = Float64Array.from(actual?.data ?? [], Number);
    const largest = right.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
    const difference = right.reduce((most, x, k) => Math.max(most, Math.abs(x - (left[k] ?? Number.NaN))), 0);
    expect(difference / largest, name).toBeLessThan(TOLERANCE);
  }
}

/** All cases of a primitive in one program: the results, and the gradients of all inputs that have one. */
function programOf(list: readonly Case[]): Task {
  const numbers: Record<string, Float64Array> = {};
  const program = trace((declare) => {
    const outputs: Record<string, Tensor> = {};
    for (const [k, one] of list.entries()) {
      const inputs = inputsOf(one).map(({ shape, dtype }, i) => declare.input(`in ${k} ${i}`, shape, dtype));
      for (const [i, spec] of one.inputs.entries()) numbers[`in ${k} ${i}`] = numbersFor(spec, i);
      const out = one.build(...inputs);
      outputs[`${one.name}`] = out;
      const upstream = declare.input(`upstream ${k}`, out.shape);
      numbers[`upstream ${k}`] = numbersFor({ shape: out.shape, dtype: 'float32', range: [-1, 1] }, 99);
      const targets = inputs.filter(({ dtype }) => dtype === 'float32');
      for (const [i, gradient] of gradientsOf(out, targets, upstream).entries())
        outputs[`${one.name}: gradient ${i}`] = gradient;
    }
    return outputs;
  });
  return { program, numbers };
}

/** A convolution and both its gradients, of random geometry. */
function randomConvolution(seed: number): Task {
  const random = createRandom(seed, 7);
  const from = (low: number, high: number): number => low + random.integer(high - low + 1);
  const groups = from(1, 3);
  const [channels, out] = [groups * from(1, 3), groups * from(1, 3)];
  const kernel = [from(1, 3), from(1, 4)] as const;
  const dilation = [from(1, 3), from(1, 2)] as const;
  const stride = random.integer(2) === 0 ? ([1, 1] as const) : ([from(1, 3), from(1, 3)] as const);
  const padding = [from(0, 3), from(0, 3), from(0, 3), from(0, 3)] as const;
  // Large enough for one window at least.
  const size = ([0, 1] as const).map((axis) => {
    const window = dilation[axis] * (kernel[axis] - 1) + 1;
    return Math.max(1, window - padding[axis] - padding[axis === 0 ? 2 : 3]) + from(0, 4);
  });
  const [height = 1, width = 1] = size;
  const shapes = { x: [from(1, 2), channels, height, width], weight: [out, channels / groups, ...kernel] };
  const program = trace((declare) => {
    const x = declare.input('x', shapes.x);
    const weight = declare.input('weight', shapes.weight);
    const y = conv2d(x, weight, undefined, { stride, dilation, padding, groups });
    const [dx = y, dw = y] = gradientsOf(sum(multiply(y, y)), [x, weight]);
    return { y, dx, dw };
  });
  const draw = (shape: readonly number[], stream: number): Float64Array =>
    numbersFor({ shape, dtype: 'float32', range: [-1, 1] }, seed * 2 + stream);
  return { program, numbers: { x: draw(shapes.x, 0), weight: draw(shapes.weight, 1) } };
}

const seeds = (count: number): number[] => Array.from({ length: count }, (_, seed) => seed);

describe('on the CPU', () => {
  const cpu = cpuRuntime();

  test.each(primitives)('%s, forwards and backwards', (primitive) =>
    expectSameNumbers(cpu(), programOf(cases[primitive])),
  );

  test.each(seeds(60))('random convolution %i', (seed) => expectSameNumbers(cpu(), randomConvolution(seed)));

  test.each(seeds(80))('random program %i', (seed) => expectSameNumbers(cpu(), randomProgram(seed)));

  test.each(['t1', 't2', 'x y', 'Größe/0.weight'])('an input or output may be named %s', (name) =>
    expectSameNumbers(cpu(), {
      program: trace((declare) => {
        const x = declare.input(name, [2]);
        return { [`${name === 't2' ? 't1' : 'out'}`]: add(multiply(x, x), 1) };
      }),
      numbers: { [name]: Float64Array.of(1, 2) },
    }),
  );
});

describe('on WebGPU', () => {
  const webgpu = webgpuRuntime();

  test.for(primitives)('%s, forwards and backwards', async (primitive, context) =>
    expectSameNumbers(await webgpu(context), programOf(cases[primitive])),
  );

  test.for(seeds(8))('random convolution %i', async (seed, context) =>
    expectSameNumbers(await webgpu(context), randomConvolution(seed)),
  );
});

test('a program with an input and an output of one name is refused', () => {
  const x = input('x', [1]);
  expect(() => compile({ inputs: [x], outputs: { x: add(x, 1) } })).toThrow(
    /x is the name of an input and of an output/,
  );
});
