/**
 * `revela/engine`: tensor programs, their gradients as programs, and what runs them: the CPU and GPUs. What the package's own methods
 * are made of, for methods of one's own.
 */
export {
  bindInputs,
  compile,
  compileForAnySize,
  measuredCosts,
  operatorCounts,
  simplify,
} from '../compile/index.js';
export type { AnySizeProgram, Block, CompiledModel, Costs, LoweringTarget, Port } from '../compile/index.js';
export type { DenoisingMethod, InferenceMethod, SupervisedMethod } from '../denoise/index.js';
export { fastPreset, onePass, registerMethod } from '../denoise/index.js';
export * from '../nn/index.js';
export type { Executable, LoadOptions, RunOptions, RunResult, Runtime } from '../runtime/index.js';
export type { DeviceName, ProgramShelf } from '../runtime/index.js';
export {
  createRuntime,
  type DeviceChoice,
  type DeviceReport,
  type ProbeOptions,
  probeDevices,
  type RuntimeOptions,
} from '../runtime/node/index.js';
export * from '../tensor/index.js';
