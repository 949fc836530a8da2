export { type Opcode, WasmCode, wasmModule } from './assembler.js';
export { growTo, type Kernel, openKernel } from './kernel.js';
