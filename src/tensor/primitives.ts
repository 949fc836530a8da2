import type { Declared } from './elementwise/declaration.js';
import type * as elementwise from './elementwise/index.js';
import type { Tensor, TensorData } from './tensor.js';

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

/** Every operation that is a primitive and works on each number by itself. */
export type ElementwiseOperations = typeof elementwise;

/** The name of a primitive that works on each number by itself, its operands stretched against each other. */
export type ElementwiseName = keyof ElementwiseOperations;

type SignatureOf<Operation> =
  Operation extends Declared<string, infer Inputs, infer Attributes> ? Signature<Inputs, Attributes> : never;

/** What these take, from their declarations (`elementwise/`). */
export type ElementwisePrimitives = { [P in ElementwiseName]: SignatureOf<ElementwiseOperations[P]> };

/** What all other primitives take. */
export interface StructuralPrimitives {
  // sources
  input: Signature<Nullary, { name: string }>;
  constant: Signature<Nullary, { data: TensorData }>;
  stopGradient: Signature<Unary>;
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

/** The name of a primitive that does more than work on each number by itself. */
export type StructuralName = keyof StructuralPrimitives;

/**
 * The closed set of primitives: what each takes and which attributes it has. Every rule table of the engine
 * (gradients, lowerings, traits) is total over its keys, so a primitive without a rule does not compile.
 * Everything else is composed from these.
 */
export interface Primitives extends ElementwisePrimitives, StructuralPrimitives {}

/** The name of a primitive. */
export type PrimitiveName = keyof Primitives;
