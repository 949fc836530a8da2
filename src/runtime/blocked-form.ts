import { compile, type LoweringTarget } from '../compile/index.js';
import type { Program, TensorValue } from '../tensor/index.js';
import { conv2d, multiply, relu, sum, trace, valueAndGrad } from '../tensor/index.js';
import { relativeError } from './relative-error.js';
import type { Runtime } from './runtime.js';
import { wave } from './speed.js';

/** Relative error between rounding (1e-7) and numbers in the wrong order (about 1). */
const TOLERANCE = 1e-5;

/** A convolution of some blocks of channels, forwards and backwards, with a weight that is fed. */
function probeProgram(): Program {
  return trace(({ input, inputs }) => {
    const x = input('x', [2, 32, 6, 5]);
    const weights = inputs('weight', { first: { shape: [48, 32, 3, 3] }, second: { shape: [16, 48, 1, 1] } });
    const { value, gradients } = valueAndGrad(({ first, second }: typeof weights) => {
      if (first === undefined || second === undefined) throw new RangeError('the probe lacks its weights');
      const y = conv2d(relu(conv2d(x, first, undefined, { padding: 2, dilation: 2 })), second);
      return sum(multiply(y, y));
    })(weights);
    return { value, gradients };
  });
}

/**
 * How programs are best spelled for a CPU: ONNX Runtime has convolutions on blocks of 16 channels for processors with AVX-512
 * and for ARM, of 8 channels for older ones, and does not say which. They are tried, and trusted where they give the numbers
 * of the ordinary convolution.
 */
export async function cpuTarget(runtime: Runtime): Promise<LoweringTarget> {
  const program = probeProgram();
  const answersOf = async (target: LoweringTarget): Promise<Readonly<Record<string, TensorValue>>> => {
    const model = compile(program, target);
    const executable = await runtime.load(model, { optimization: 'training' });
    try {
      const feeds = Object.fromEntries(model.inputs.map(({ name, shape }) => [name, wave(shape)]));
      return (await executable.run(feeds)).fetched;
    } finally {
      await executable.release();
    }
  };
  const expected = await answersOf({ device: 'cpu' });
  for (const block of [16, 8] as const) {
    const target = { device: 'cpu', block } as const;
    const actual = await answersOf(target).catch(() => undefined);
    const agrees = Object.entries(expected).every(
      ([name, { data }]) => relativeError(actual?.[name]?.data ?? [], data) < TOLERANCE,
    );
    if (agrees) return target;
  }
  return { device: 'cpu' };
}
