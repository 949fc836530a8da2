export { bindInputs } from './bind.js';
export { compile } from './compile.js';
export type { AnySizeProgram } from './compile-for-any-size.js';
export { compileForAnySize } from './compile-for-any-size.js';
export type { LoweringDevice, LoweringTarget } from './emitter.js';
export { compileLoop, LOOP_BLOCK } from './loop.js';
export type { CompiledLoop, CompiledModel, LoopFunction, Port } from './model.js';
export { operatorCounts } from './operator-counts.js';
export { simplify } from './simplify.js';
