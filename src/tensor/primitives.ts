import type { DType, Tensor, TensorData } from './tensor.js';

interface Signature<Inputs extends readonly Tensor[], Attributes extends object = object> {
  readonly inputs: Inputs;
  readonly attributes: Readonly<Attributes>;
}

type Nullary = readonly [];
type Unary = readonly [x: Tensor];
type Binary = readonly [a: Tensor, b: Tensor];

/** How a 2-D convolution walks over its input. Padding is zeros: `[top, left, bottom, right]`. */
export interface ConvolutionGeometry {
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly groups: number;
}

/** How a pooling window walks over its input. Padding never wins: `[top, left, bottom, right]`. */
export interface PoolingGeometry {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
}

/**
 * The closed set of primitives: what each takes and which attributes it has. Every rule table of the engine
 * (gradients, lowerings, loops) is total over its keys, so a primitive without a rule does not compile.
 * Everything else is composed from these.
 */
export interface Primitives {
  // sources
  input: Signature<Nullary, { name: string }>;
  constant: Signature<Nullary, { data: TensorData }>;
  stopGradient: Signature<Unary>;
  // one operand, element by element
  negate: Signature<Unary>;
  absolute: Signature<Unary>;
  sign: Signature<Unary>;
  exp: Signature<Unary>;
  log: Signature<Unary>;
  sqrt: Signature<Unary>;
  erf: Signature<Unary>;
  tanh: Signature<Unary>;
  sigmoid: Signature<Unary>;
  relu: Signature<Unary>;
  /** 1 where x > 0, else 0: the derivative of `relu` where it has one. */
  step: Signature<Unary>;
  /** x·Φ(x), Φ the normal distribution function. */
  gelu: Signature<Unary>;
  /** The derivative of `gelu`: Φ(x) + x·φ(x), φ the normal density. */
  geluSlope: Signature<Unary>;
  /** x where x > 0, else slope·x; the slope lies between 0 and 1. */
  leakyRelu: Signature<Unary, { slope: number }>;
  /** 1 where x > 0, else the slope: the derivative of `leakyRelu` where it has one. */
  leakyStep: Signature<Unary, { slope: number }>;
  cast: Signature<Unary, { to: DType }>;
  // two operands, broadcast against each other
  add: Signature<Binary>;
  subtract: Signature<Binary>;
  multiply: Signature<Binary>;
  divide: Signature<Binary>;
  power: Signature<Binary>;
  maximum: Signature<Binary>;
  minimum: Signature<Binary>;
  equal: Signature<Binary>;
  greater: Signature<Binary>;
  where: Signature<readonly [condition: Tensor, a: Tensor, b: Tensor]>;
  // layout
  reshape: Signature<Unary>;
  transpose: Signature<Unary, { permutation: readonly number[] }>;
  broadcast: Signature<Unary>;
  slice: Signature<Unary, { starts: readonly number[]; steps: readonly number[] }>;
  pad: Signature<Unary, { before: readonly number[]; after: readonly number[] }>;
  concat: Signature<readonly Tensor[], { axis: number }>;
  gather: Signature<readonly [table: Tensor, indices: Tensor]>;
  scatterAdd: Signature<readonly [updates: Tensor, indices: Tensor]>;
  // reductions
  sum: Signature<Unary, { axes: readonly number[] }>;
  max: Signature<Unary, { axis: number }>;
  softmax: Signature<Unary>;
  // contractions
  matmul: Signature<Binary, { transposeA: boolean; transposeB: boolean }>;
  convolution: Signature<
    readonly [x: Tensor, weight: Tensor] | readonly [x: Tensor, weight: Tensor, bias: Tensor],
    ConvolutionGeometry
  >;
  convolutionInputGradient: Signature<readonly [upstream: Tensor, weight: Tensor], ConvolutionGeometry>;
  convolutionWeightGradient: Signature<readonly [x: Tensor, upstream: Tensor], ConvolutionGeometry>;
  maxPool: Signature<Unary, PoolingGeometry>;
  // blocks of factor × factor pixels
  upsample: Signature<Unary, { factor: number }>;
  blockSum: Signature<Unary, { factor: number }>;
}

/** The name of a primitive. */
export type PrimitiveName = keyof Primitives;
