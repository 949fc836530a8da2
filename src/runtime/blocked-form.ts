import { compile, type LoweringTarget } from '../compile/index.js';
import type { Program, TensorValue } from '../tensor/index.js';
import {
  add,
  avgPool2d,
  concat,
  constant,
  conv2d,
  leakyRelu,
  maxPool2d,
  multiply,
  relu,
  type Shape,
  sum,
  type Tensor,
  trace,
  upsampleNearest,
  valueAndGrad,
} from '../tensor/index.js';
import { relativeError } from './relative-error.js';
import type { Runtime } from './runtime.js';
import { wave } from './speed.js';

/** Relative error between rounding (1e-5 after some layers) and numbers in the wrong order (about 1). */
const TOLERANCE = 1e-3;

/** Numbers in the program itself, as a network's weights are where it is only applied. */
const known = (shape: Shape): Tensor => constant(wave(shape).data, shape);

/**
 * What is spelled in the blocked form with weights that are fed, forwards and backwards: convolutions of some blocks of channels,
 * dilated, strided, grouped; sums and activations in passing, pooling and repetition of pixels.
 */
function learning(): Program {
  return trace(({ input, inputs }) => {
    const x = input('x', [2, 32, 16, 20]);
    const weights = inputs('weight', {
      first: { shape: [48, 32, 3, 3] },
      second: { shape: [32, 48, 1, 1] },
      third: { shape: [32, 32, 3, 3] },
      strided: { shape: [32, 32, 3, 3] },
      grouped: { shape: [32, 16, 3, 3] },
    });
    const { value, gradients } = valueAndGrad(
      ({ first, second, third, strided, grouped }: typeof weights) => {
        if (!first || !second || !third || !strided || !grouped)
          throw new RangeError('the probe lacks its weights');
        const wide = relu(conv2d(x, first, undefined, { padding: 2, dilation: 2 }));
        const added = relu(add(conv2d(wide, second), x));
        const leaky = leakyRelu(conv2d(added, third, undefined, { padding: 1 }), 0.1);
        const both = add(leaky, conv2d(leaky, grouped, undefined, { padding: 1, groups: 2 }));
        const repeated = upsampleNearest(avgPool2d(maxPool2d(both, { kernel: 2 }), 2), 4);
        const halved = conv2d(repeated, strided, undefined, { padding: 1, stride: 2 });
        return sum(multiply(halved, halved));
      },
    )(weights);
    return { value, gradients };
  });
}

/** What is spelled so with weights that are known: Winograd's filtering of an image, of its sums and of what is joined. */
function applying(): Program {
  return trace(({ input }) => {
    const conv = (x: Tensor, into: number): Tensor =>
      conv2d(x, known([64, into, 3, 3]), undefined, { padding: 1 });
    const x = input('x', [1, 64, 16, 20]);
    const first = add(relu(conv(x, 64)), x);
    return { restored: add(leakyRelu(conv(concat([first, x], 1), 128), 0.2), first) };
  });
}

/** All that the compiler spells in the blocked form. */
export const probes: readonly (() => Program)[] = [learning, applying];

/**
 * How programs are best spelled for a CPU: ONNX Runtime has convolutions on blocks of 16 channels for processors with AVX-512
 * and for ARM, of 8 channels for older ones, and does not say which. They are tried, and trusted where they give the numbers
 * of the ordinary convolution: once in a process, whose processor stays the same.
 */
export async function cpuTarget(runtime: Runtime): Promise<LoweringTarget> {
  found ??= await blockedTarget(runtime);
  // A form that failed for another reason, such as want of memory, is tried again by the next runtime.
  return found ?? { device: 'cpu' };
}

let found: LoweringTarget | undefined;

async function blockedTarget(runtime: Runtime): Promise<LoweringTarget | undefined> {
  const programs = probes.map((write) => write());
  const answersOf = async (target: LoweringTarget): Promise<readonly Answers[]> => {
    const all: Answers[] = [];
    for (const program of programs) {
      await using executable = await runtime.load(compile(program, target), { optimization: 'training' });
      const feeds = Object.fromEntries(executable.inputs.map(({ name, shape }) => [name, wave(shape)]));
      all.push((await executable.run(feeds)).fetched);
    }
    return all;
  };
  const expected = await answersOf({ device: 'cpu' });
  for (const block of [16, 8] as const) {
    const target = { device: 'cpu', block } as const;
    const actual = await answersOf(target).catch(() => undefined);
    if (actual !== undefined && expected.every((answers, i) => agree(answers, actual[i]))) return target;
  }
  // A worker that has died refuses everything, and must not be taken for a processor without blocks.
  await runtime.held();
  return undefined;
}

type Answers = Readonly<Record<string, TensorValue>>;

const agree = (expected: Answers, actual: Answers | undefined): boolean =>
  Object.entries(expected).every(
    ([name, { data }]) => relativeError(actual?.[name]?.data ?? [], data) < TOLERANCE,
  );
