import { compile } from '../compile/index.js';
import { knownAnswers } from './known-answers.js';
import type { ConvolutionOptions, Program, Shape, Tensor, TensorRecord } from '../tensor/index.js';
import {
  concat,
  conv2d,
  matmul,
  multiply,
  negate,
  pad,
  reshape,
  slice,
  softmax,
  sum,
  trace,
  valueAndGrad,
} from '../tensor/index.js';
import { relativeError } from './relative-error.js';
import type { Runtime } from './runtime.js';
import { wave } from './speed.js';

/** Relative root-mean-square error between rounding (1e-6, or 1e-3 where TF32 is used) and wrong numbers (about 1). */
const TOLERANCE = 5e-3;

const images: Shape = [2, 6, 12, 10];

/** The channel counts are those that providers have got wrong: 6 to 4, and 2 groups of 5. */
const layers: readonly {
  readonly name: string;
  readonly weight: Shape;
  readonly options: ConvolutionOptions;
}[] = [
  { name: 'plain', weight: [4, 6, 3, 3], options: { padding: 1 } },
  { name: 'dilated', weight: [8, 4, 3, 3], options: { padding: 2, dilation: 2 } },
  { name: 'grouped', weight: [10, 4, 3, 3], options: { padding: 1, groups: 2 } },
  { name: 'strided', weight: [8, 10, 2, 2], options: { stride: 2 } },
];

function network(x: Tensor, weights: TensorRecord): Tensor {
  return layers.reduce((y, { name, options }) => {
    const weight = weights[name];
    if (weight === undefined) throw new RangeError(`the self-check has no weight ${name}`);
    return conv2d(y, weight, undefined, options);
  }, x);
}

/** A little of everything that training uses, forwards and backwards. */
function selfCheckProgram(): Program {
  return trace(({ input, inputs }) => {
    const x = input('x', images);
    const weights = inputs(
      'weight',
      Object.fromEntries(layers.map(({ name, weight }) => [name, { shape: weight }])),
    );
    const rows = slice(pad(network(x, weights), [0, 0, 1, 1], [0, 0, 1, 1]), {
      axis: 2,
      start: 1,
      length: 3,
      step: 2,
    });
    const table = reshape(rows, [2, 24, 7]);
    const products = matmul(table, table, { transposeB: true });
    const { gradients } = valueAndGrad((parameters) => {
      const y = network(x, parameters);
      return sum(multiply(y, y));
    })(weights);
    return {
      forward: concat([softmax(products), negate(sum(products, { axes: [2], keepAxes: true }))], 2),
      gradient: gradients,
    };
  });
}

/** In the plain spelling: the CPU's numbers are what others are compared with. */
async function answersOf(runtime: Runtime, program: Program) {
  await using executable = await runtime.load(compile(program, { device: runtime.device }));
  const feeds = Object.fromEntries(executable.inputs.map(({ name, shape }) => [name, wave(shape)]));
  return (await executable.run(feeds)).fetched;
}

/**
 * Compares a device's answers to a small program with the CPU's.
 *
 * @returns what is wrong, in words, or `undefined` when the device can be trusted.
 */
export async function selfCheck(runtime: Runtime, cpu: Runtime): Promise<string | undefined> {
  const program = selfCheckProgram();
  const [actual, expected] = await Promise.all([answersOf(runtime, program), answersOf(cpu, program)]);
  const errors = Object.entries(expected).map(([name, { data }]) => ({
    name,
    error: relativeError(actual[name]?.data ?? [], data),
  }));
  const wrong = errors.filter(({ error }) => error > TOLERANCE);
  if (wrong.length === 0) return undefined;
  const list = wrong.map(({ name, error }) => `${name}: relative error ${error.toExponential(1)}`).join(', ');
  return `it computes wrong numbers (${list})`;
}

/** So many sums of every answer are known. */
export const SUMS = 8;

/** Sums of numbers, each weighted by another wave, and the root of their squares: what is wrong shows in some of them. */
export function fingerprint(data: ArrayLike<number | bigint>): readonly number[] {
  const sums = new Array<number>(SUMS + 1).fill(0);
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    for (let sum = 0; sum < SUMS; sum++)
      sums[sum] = (sums[sum] ?? 0) + value * Math.sin((i + 1) * (sum + 1) * 0.7);
    sums[SUMS] = (sums[SUMS] ?? 0) + value * value;
  }
  return [...sums.slice(0, SUMS), Math.sqrt(sums[SUMS] ?? 0)];
}

/** The fingerprints of a device's answers to a small program. */
export async function answersOfDevice(
  runtime: Runtime,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const answers = await answersOf(runtime, selfCheckProgram());
  return Object.fromEntries(Object.entries(answers).map(([name, { data }]) => [name, fingerprint(data)]));
}

/**
 * Compares a device's answers to a small program with known ones, where there is no processor to ask.
 *
 * @returns what is wrong, in words, or `undefined` when the device can be trusted.
 */
export async function checkAnswers(runtime: Runtime): Promise<string | undefined> {
  const actual = await answersOfDevice(runtime);
  const wrong = Object.entries(knownAnswers).filter(([name, expected]) => {
    const scale = expected[SUMS] ?? 1;
    return !expected.every(
      (sum, i) => Math.abs((actual[name]?.[i] ?? Number.NaN) - sum) <= TOLERANCE * scale * 4,
    );
  });
  if (wrong.length === 0) return undefined;
  return `it computes wrong numbers (${wrong.map(([name]) => name).join(', ')})`;
}
