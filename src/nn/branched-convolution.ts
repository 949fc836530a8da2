import type { Tensor, TensorValue } from '../tensor/index.js';
import {
  add,
  conv2d,
  floatsOf,
  imageShape,
  matmul,
  multiply,
  constant,
  reshape,
  sum,
  total,
  transpose,
} from '../tensor/index.js';
import type { Initialiser } from './initialisers.js';
import type { ParameterScope } from './parameters.js';

/** Taps of a 3×3 kernel, and the one in its middle. */
const [TAPS, MIDDLE] = [9, 4] as const;

/** First values of the branches of a {@link branchedConvolution}. */
export interface BranchInitialisers {
  /** Of all weights but those that are named. */
  readonly weight: Initialiser;
  /** Of all biases but that which is named. */
  readonly bias: Initialiser;
  /** Of the weight of the last of the three convolutions in a row. */
  readonly narrow?: Initialiser;
  /** Of the shortcut's weight. */
  readonly shortcut?: Initialiser;
  readonly shortcutBias?: Initialiser;
}

/** 1 in the middle of a kernel. */
const middle = constant(
  Float32Array.from({ length: TAPS }, (_, tap) => (tap === MIDDLE ? 1 : 0)),
  [1, 1, 3, 3],
);

/**
 * A 3×3 convolution, padded with zeros, that is learnt as several (re-parameterised; SPAN, CVPR workshops 2024, after RepVGG and
 * ECBSR): a 1×1 convolution to `gain` times as many channels, a 3×3 one, a 1×1 one back, and a 1×1 shortcut beside the three.
 * Nothing stands between them, so that together they are one 3×3 convolution; that one alone is applied to the image, and
 * gradients go through its making to the branches. It costs what a plain convolution costs, and a product of the small weights.
 *
 * Parameters have the names of the original program: `sk`, `conv.0`, `conv.1`, `conv.2`, each with `weight` and `bias`.
 * Shapes: x `[batch, channels, height, width]` → `[batch, out, height, width]`.
 *
 * @example
 * const y = branchedConvolution(scope.at('conv_1'), x, 48, 2, { weight: kaimingUniform, bias: constantValue(0) });
 */
export function branchedConvolution(
  scope: ParameterScope,
  x: Tensor,
  out: number,
  gain: number,
  first: BranchInitialisers,
): Tensor {
  const [, channels] = imageShape(x, 'branchedConvolution');
  const [into, from] = [gain * channels, gain * out];
  const { weight: plain, bias: shift, narrow: back = plain, shortcut: beside = plain } = first;
  const branch = (at: ParameterScope, shape: readonly number[], weight = plain, bias = shift) => ({
    weight: at.parameter('weight', shape, weight),
    bias: at.parameter('bias', shape.slice(0, 1), bias),
  });
  const row = scope.at('conv');
  const wide = branch(row.at(0), [into, channels, 1, 1]);
  const look = branch(row.at(1), [from, into, 3, 3]);
  const narrow = branch(row.at(2), [out, from, 1, 1], back);
  const shortcut = branch(scope.at('sk'), [out, channels, 1, 1], beside, first.shortcutBias);

  const last = reshape(narrow.weight, [out, from]);
  // For each tap what the last two do to the wide channels: [out, 9, into].
  const narrowed = matmul(last, reshape(look.weight, [from, into * TAPS]));
  const taps = transpose(reshape(narrowed, [out, into, TAPS]), [0, 2, 1]);
  const kernels = matmul(reshape(taps, [out * TAPS, into]), reshape(wide.weight, [into, channels]));
  const inRow = reshape(transpose(reshape(kernels, [out, TAPS, channels]), [0, 2, 1]), [out, channels, 3, 3]);
  const weight = add(inRow, multiply(shortcut.weight, middle));
  // The image's zeros around it are padded before the row, so every tap sees the first bias.
  const column = (values: Tensor, length: number): Tensor => reshape(values, [length, 1]);
  const shifts = [
    matmul(sum(taps, { axes: [1] }), column(wide.bias, into)),
    matmul(last, column(look.bias, from)),
    column(narrow.bias, out),
    column(shortcut.bias, out),
  ];
  return conv2d(x, weight, reshape(total(shifts), [out]), { padding: 1 });
}

/** A plain 3×3 convolution: `weight` `[out, channels, 3, 3]` and `bias` `[out]`. */
export interface PlainConvolution {
  readonly weight: TensorValue;
  readonly bias: TensorValue;
}

/**
 * The plain convolution that the branches of a {@link branchedConvolution} are together, in double precision before it is rounded.
 *
 * @param branches its parameters by their names: `sk.weight`, `conv.0.weight` …
 * @throws RangeError if one is missing
 */
export function foldBranches(branches: Readonly<Record<string, TensorValue>>): PlainConvolution {
  const numbers = (name: string): Float64Array => {
    const value = branches[name];
    if (value === undefined) throw new RangeError(`foldBranches: there is no ${name}`);
    return new Float64Array(floatsOf(value.data));
  };
  const [out = 0, channels = 0] = branches['sk.weight']?.shape ?? [];
  const [from = 0, into = 0] = branches['conv.1.weight']?.shape ?? [];
  const [wide, look, narrow] = [numbers('conv.0.weight'), numbers('conv.1.weight'), numbers('conv.2.weight')];
  const [wideBias, lookBias] = [numbers('conv.0.bias'), numbers('conv.1.bias')];
  const [narrowBias, shortcut, shortcutBias] = [
    numbers('conv.2.bias'),
    numbers('sk.weight'),
    numbers('sk.bias'),
  ];
  const weight = new Float32Array(out * channels * TAPS);
  const bias = new Float32Array(out);
  for (let o = 0; o < out; o++) {
    // [into, 9], what the last two convolutions do for this channel
    const narrowed = new Float64Array(into * TAPS);
    let shift = at(narrowBias, o) + at(shortcutBias, o);
    for (let f = 0; f < from; f++) {
      const factor = at(narrow, o * from + f);
      shift += factor * at(lookBias, f);
      for (let i = 0; i < narrowed.length; i++)
        narrowed[i] = at(narrowed, i) + factor * at(look, f * narrowed.length + i);
    }
    const kernel = new Float64Array(channels * TAPS);
    for (let i = 0; i < into; i++)
      for (let tap = 0; tap < TAPS; tap++) {
        const factor = at(narrowed, i * TAPS + tap);
        shift += factor * at(wideBias, i);
        for (let c = 0; c < channels; c++)
          kernel[c * TAPS + tap] = at(kernel, c * TAPS + tap) + factor * at(wide, i * channels + c);
      }
    for (let c = 0; c < channels; c++)
      kernel[c * TAPS + MIDDLE] = at(kernel, c * TAPS + MIDDLE) + at(shortcut, o * channels + c);
    weight.set(kernel, o * kernel.length);
    bias[o] = shift;
  }
  return {
    weight: { data: weight, shape: [out, channels, 3, 3], dtype: 'float32' },
    bias: { data: bias, shape: [out], dtype: 'float32' },
  };
}

const at = (values: Float64Array, index: number): number => values[index] ?? 0;
