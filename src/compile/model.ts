import type { DType, ElementwiseCall, ElementwiseName, Shape } from '../tensor/index.js';

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

/** A function that a loop asks its host for: the value of a primitive for a number of each operand. */
export interface LoopFunction {
  /** The name under which the loop imports it. */
  readonly name: string;
  readonly call: ElementwiseCall<ElementwiseName>;
}

/**
 * An element-by-element program as one loop that works in place: the way optimisers run on the CPU, where a chain of ONNX
 * nodes would pass over memory once per node.
 *
 * `module` is WebAssembly. Its memory holds a block of every array, `LOOP_BLOCK` floats each, in the order of `arrays`;
 * its function `run(bytes, …scalars)` works through so many bytes of each, a multiple of 16, and overwrites the blocks of
 * those that are `written`.
 */
export interface CompiledLoop {
  readonly module: Uint8Array<ArrayBuffer>;
  /** Names of the `Float32Array` arguments, all of one length. */
  readonly arrays: readonly string[];
  /** Places among `arrays` of those that the loop changes. */
  readonly written: readonly number[];
  /** Names of the number arguments. */
  readonly scalars: readonly string[];
  /** What WebAssembly has no instructions for, to be given by the host: functions of a number for each operand. */
  readonly functions: readonly LoopFunction[];
}
