export { type Opcode, WasmCode, wasmModule } from './assembler.js';
