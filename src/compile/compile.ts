import type { Program } from '../tensor/index.js';
import type { LoweringDevice, LoweringTarget } from './emitter.js';
import { encodeModel } from './encode-model.js';
import { lowerProgram } from './lower-program.js';
import type { CompiledModel } from './model.js';

/**
 * Turns a program into one ONNX model: opset 21, static shapes, explicit padding, no randomness.
 *
 * @param target lowerings differ where a provider is slow or wrong; the program does not.
 *
 * @example
 * const model = compile(program, 'cpu');
 * await writeFile('program.onnx', model.bytes);
 */
export function compile(program: Program, target: LoweringDevice | LoweringTarget = 'cpu'): CompiledModel {
  const lowered = lowerProgram(program, typeof target === 'string' ? { device: target } : target);
  return { bytes: encodeModel(lowered), inputs: lowered.inputs, outputs: lowered.outputs };
}
