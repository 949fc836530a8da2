import { type WasmCode, wasmModule } from './assembler.js';

const pageBytes = 65_536;

/** A function of WebAssembly, and the memory that it works in. */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  run(...numbers: readonly number[]): void;
}

/** Makes a function with a memory of its own. A memory takes gigabytes of addresses: one of a kind is enough for a thread. */
export function openKernel(code: WasmCode): Kernel {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(wasmModule(code, { pages: 1, functions: [] }));
  const { run } = new WebAssembly.Instance(module, { host: { memory } }).exports;
  if (typeof run !== 'function') throw new TypeError('the module has no function to run');
  return { memory, run: (...numbers) => void run(...numbers) };
}

/** Makes a memory that large, where it is smaller: arrays in it must be made anew then. */
export function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing > 0) memory.grow(missing);
}
