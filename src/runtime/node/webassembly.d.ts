// TypeScript knows WebAssembly from the types of browsers only, and Node has it, too: as much of it as is used here.
declare namespace WebAssembly {
  class Memory {
    constructor(size: { readonly initial: number });
    /** Replaced when the memory grows. */
    readonly buffer: ArrayBuffer;
    /** By so many pages of 64 KiB. */
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: { readonly host: Readonly<Record<string, unknown>> });
    readonly exports: Readonly<Record<string, unknown>>;
  }
}
