import type { DType, Shape } from '../tensor/index.js';

/** One input or output of a compiled program. */
export interface Port {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** An input or output whose named extents are free. */
export interface OpenPort {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly dtype: DType;
}

/** A program as an ONNX model (opset 21, static shapes), ready for any ONNX Runtime. */
export interface CompiledModel {
  readonly bytes: Uint8Array;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/**
 * An element-by-element program as one JavaScript loop that works in place: the way optimisers run on the CPU,
 * where a chain of ONNX nodes would pass over memory once per node.
 *
 * `source` is the body of a function `(length, a0, a1, …, s0, s1, …)`: its arguments are `arrays` and `scalars` in
 * their order. It overwrites those of the arrays that are results.
 */
export interface CompiledLoop {
  readonly source: string;
  /** Names of the `Float32Array` arguments, all of one length. */
  readonly arrays: readonly string[];
  /** Names of the number arguments. */
  readonly scalars: readonly string[];
}
