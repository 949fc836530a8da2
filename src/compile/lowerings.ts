import type { PrimitiveName, Tensor, TensorOf } from '../tensor/index.js';
import { elementCount, extent, sameShape } from '../tensor/index.js';
import type { Emitter } from './emitter.js';
import { onnxTypes } from './emitter.js';
import { lowerConvolution, lowerConvolutionInputGradient } from './lower-convolution.js';
import { emitProduct } from './lower-matmul.js';
import { lowerConvolutionWeightGradient } from './lower-weight-gradient.js';

/** A name for each input. */
export type Names<Inputs extends readonly Tensor[]> = { readonly [I in keyof Inputs]: string };

/** Emits the ONNX nodes of one tensor, given the names of its inputs' values; returns the name of its own. */
type Lowering<P extends PrimitiveName> = (
  tensor: TensorOf<P>,
  inputs: Names<TensorOf<P>['inputs']>,
  emit: Emitter,
) => string;

/** A primitive that is one ONNX operator without attributes. */
const operator =
  (opType: string) =>
  (_tensor: Tensor, inputs: readonly string[], emit: Emitter): string =>
    emit.node(opType, inputs);

/** 3·10³⁸: carries every positive number to at least 1, short of infinity for those up to 1. */
const HUGE = 3e38;

/** How each primitive is spelled in ONNX. */
export const lowerings: { readonly [P in PrimitiveName]: Lowering<P> } = {
  input: (tensor) => tensor.attributes.name,
  constant: (tensor, _inputs, emit) => emit.initialiser(tensor.attributes.data, tensor.shape, tensor.dtype),
  stopGradient: operator('Identity'),

  negate: operator('Neg'),
  absolute: operator('Abs'),
  // The WebGPU provider has no Sign of its own: [x > 0] − [x < 0].
  sign: (_tensor, [x], emit) => {
    if (emit.device !== 'webgpu') return emit.node('Sign', [x]);
    const zero = emit.float(0);
    const as01 = (test: string): string =>
      emit.node('Cast', [emit.node(test, [x, zero])], { to: onnxTypes.float32 });
    return emit.node('Sub', [as01('Greater'), as01('Less')]);
  },
  exp: operator('Exp'),
  log: operator('Log'),
  sqrt: operator('Sqrt'),
  erf: operator('Erf'),
  tanh: operator('Tanh'),
  sigmoid: operator('Sigmoid'),
  relu: operator('Relu'),
  // Two fast passes on the CPU, where a comparison and a cast cost more.
  step: (_tensor, [x], emit) =>
    emit.device === 'cpu'
      ? emit.node('Clip', [emit.node('Mul', [x, emit.float(HUGE)]), emit.float(0), emit.float(1)])
      : emit.node('Cast', [emit.node('Greater', [x, emit.float(0)])], { to: onnxTypes.float32 }),
  gelu: operator('Gelu'),
  // With s = x/√2: Φ(x) = ½ + ½·erf s, and x·φ(x) = s · e^(−s² − ln √π). HardSigmoid is ½ + ½·e between −1 and 1, in one pass.
  geluSlope: (_tensor, [x], emit) => {
    const s = emit.node('Mul', [x, emit.float(Math.SQRT1_2)]);
    const half = { float: 0.5 };
    const distribution = emit.node('HardSigmoid', [emit.node('Erf', [s])], { alpha: half, beta: half });
    const exponent = emit.node('Sub', [emit.float(-Math.log(Math.PI) / 2), emit.node('Mul', [s, s])]);
    return emit.node('Add', [distribution, emit.node('Mul', [s, emit.node('Exp', [exponent])])]);
  },
  leakyRelu: (tensor, [x], emit) =>
    emit.node('LeakyRelu', [x], { alpha: { float: tensor.attributes.slope } }),
  // As step, between other limits.
  leakyStep: (tensor, [x], emit) => {
    const [slope, one] = [emit.float(tensor.attributes.slope), emit.float(1)];
    return emit.device === 'cpu'
      ? emit.node('Clip', [emit.node('Mul', [x, emit.float(HUGE)]), slope, one])
      : emit.node('Where', [emit.node('Greater', [x, emit.float(0)]), one, slope]);
  },
  cast: (tensor, [x], emit) => emit.node('Cast', [x], { to: onnxTypes[tensor.attributes.to] }),

  add: operator('Add'),
  subtract: operator('Sub'),
  multiply: operator('Mul'),
  divide: operator('Div'),
  // The WebGPU provider does not stretch the last axis of one operand of Pow to a multiple of four.
  power: (tensor, names, emit) => {
    const graphics = emit.device === 'webgpu' || emit.device === 'portable';
    const stretched = names.map((name, i) => {
      const shape = tensor.inputs[i]?.shape ?? [];
      const fits = !graphics || shape.length === 0 || sameShape(shape, tensor.shape);
      return fits ? name : emit.node('Expand', [name, emit.integers(tensor.shape)]);
    });
    return emit.node('Pow', stretched);
  },
  maximum: operator('Max'),
  minimum: operator('Min'),
  equal: operator('Equal'),
  greater: operator('Greater'),
  where: operator('Where'),

  reshape: (tensor, [x], emit) => emit.reshape(x, tensor.shape),
  transpose: (tensor, [x], emit) => emit.transpose(x, tensor.attributes.permutation),
  broadcast: (tensor, [x], emit) => emit.node('Expand', [x, emit.integers(tensor.shape)]),
  slice: (tensor, [x], emit) => {
    const { starts, steps } = tensor.attributes;
    const ranges = tensor.shape.map((length, axis) => ({
      axis,
      start: starts[axis] ?? 0,
      length,
      step: steps[axis] ?? 1,
    }));
    const whole = (range: { axis: number; length: number; step: number }): boolean =>
      range.step === 1 && range.length === extent(tensor.inputs[0].shape, range.axis);
    return emit.slice(
      x,
      ranges.filter((range) => !whole(range)),
    );
  },
  pad: (tensor, [x], emit) => emit.pad(x, tensor.attributes.before, tensor.attributes.after),
  concat: (tensor, inputs, emit) => emit.node('Concat', inputs, { axis: tensor.attributes.axis }),
  gather: (_tensor, inputs, emit) => emit.node('Gather', inputs, { axis: 0 }),
  scatterAdd: (tensor, [updates, indices], emit) => {
    const [rows = 1, ...row] = tensor.shape;
    const count = elementCount(tensor.inputs[1].shape);
    const flat = emit.reshape(updates, [count, elementCount(row)]);
    if (emit.device === 'cpu') {
      const wide = emit.node('Cast', [indices], { to: onnxTypes.int64 });
      const zeros = emit.node('Expand', [emit.float(0), emit.integers([rows, elementCount(row)])]);
      const scattered = emit.node('ScatterND', [zeros, emit.reshape(wide, [count, 1]), flat], {
        reduction: 'add',
      });
      return emit.reshape(scattered, tensor.shape);
    }
    // Elsewhere as a product with a one-hot matrix: no atomic additions, the same result every time.
    const labels = emit.initialiser(
      Int32Array.from({ length: rows }, (_, i) => i),
      [rows, 1],
      'int32',
    );
    const narrow = emit.node('Cast', [indices], { to: onnxTypes.int32 });
    const hits = emit.node('Equal', [labels, emit.reshape(narrow, [1, count])]);
    const oneHot = emit.node('Cast', [hits], { to: onnxTypes.float32 });
    return emit.reshape(emit.node('MatMul', [oneHot, flat]), tensor.shape);
  },

  sum: (tensor, [x], emit) =>
    emit.node('ReduceSum', [x, emit.integers(tensor.attributes.axes)], { keepdims: 1 }),
  max: (tensor, [x], emit) =>
    emit.node('ReduceMax', [x, emit.integers([tensor.attributes.axis])], { keepdims: 1 }),
  softmax: (_tensor, [x], emit) => emit.node('Softmax', [x], { axis: -1 }),

  matmul: (tensor, [a, b], emit) => {
    const [left, right] = tensor.inputs.map(({ shape }) => shape.length);
    return emitProduct({ name: a, rank: left ?? 2 }, { name: b, rank: right ?? 2 }, tensor.attributes, emit);
  },
  convolution: lowerConvolution,
  convolutionInputGradient: lowerConvolutionInputGradient,
  convolutionWeightGradient: lowerConvolutionWeightGradient,
  maxPool: (tensor, [x], emit) =>
    emit.node('MaxPool', [x], {
      kernel_shape: tensor.attributes.kernel,
      strides: tensor.attributes.stride,
      pads: tensor.attributes.padding,
    }),

  upsample: ({ attributes: { factor } }, [x], emit) =>
    emit.node('Resize', [x, '', emit.floats([1, 1, factor, factor])], {
      mode: 'nearest',
      nearest_mode: 'floor',
      coordinate_transformation_mode: 'asymmetric',
    }),
  blockSum: ({ attributes: { factor } }, [x], emit) => {
    const side = [factor, factor];
    const means = emit.node('AveragePool', [x], { kernel_shape: side, strides: side, pads: [0, 0, 0, 0] });
    return emit.node('Mul', [means, emit.float(factor * factor)]);
  },
};
