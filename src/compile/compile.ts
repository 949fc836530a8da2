import type { Program } from '../tensor/index.js';
import type { LoweringTarget } from './emitter.js';
import { encodeModel } from './encode-model.js';
import { lowerProgram } from './lower-program.js';
import type { CompiledModel } from './model.js';
import type { Costs } from './plan/costs.js';

/**
 * Turns a program into one ONNX model: opset 21, static shapes, explicit padding, no randomness.
 *
 * @param target lowerings differ where a provider is slow or wrong; the program does not. What a runtime runs best is its
 *   `target()`; default: the CPU, without blocks of channels.
 * @param costs limits by which layouts and kernels are chosen; default: as measured. They change speed, and numbers by rounding only.
 *
 * @example
 * const model = compile(program, await runtime.target());
 * await writeFile('program.onnx', model.bytes);
 */
export function compile(
  program: Program,
  target: LoweringTarget = { device: 'cpu' },
  costs?: Costs,
): CompiledModel {
  const lowered = lowerProgram(program, target, costs);
  return { bytes: encodeModel(lowered), inputs: lowered.inputs, outputs: lowered.outputs };
}
