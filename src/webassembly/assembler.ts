/** A kind of number in WebAssembly, by its code: 32-bit integers, doubles, and vectors of four floats. */
export const wasmTypes = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;

export type WasmType = keyof typeof wasmTypes;

/** Instructions of WebAssembly that loops are made of, by the names of its specification (1.0, and its SIMD extension). */
export const opcodes = {
  call: [0x10],
  'local.get': [0x20],
  'local.set': [0x21],
  loop: [0x03, 0x40],
  br_if: [0x0d],
  end: [0x0b],
  'i32.const': [0x41],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.lt_u': [0x49],
  'i32.load': [0x28],
  'f64.const': [0x44],
  'f64.abs': [0x99],
  'f64.neg': [0x9a],
  'f64.sqrt': [0x9f],
  'f64.add': [0xa0],
  'f64.sub': [0xa1],
  'f64.mul': [0xa2],
  'f64.div': [0xa3],
  'f64.min': [0xa4],
  'f64.max': [0xa5],
  'f32.demote_f64': [0xb6],
  'f64.promote_f32': [0xbb],
  'v128.load': [0xfd, 0x00],
  'v128.load32_splat': [0xfd, 0x09],
  'v128.store': [0xfd, 0x0b],
  'f32x4.splat': [0xfd, 0x13],
  'f32x4.extract_lane': [0xfd, 0x1f],
  'f32x4.replace_lane': [0xfd, 0x20],
  'f32x4.abs': [0xfd, 0xe0, 0x01],
  'f32x4.neg': [0xfd, 0xe1, 0x01],
  'f32x4.sqrt': [0xfd, 0xe3, 0x01],
  'f32x4.add': [0xfd, 0xe4, 0x01],
  'f32x4.sub': [0xfd, 0xe5, 0x01],
  'f32x4.mul': [0xfd, 0xe6, 0x01],
  'f32x4.div': [0xfd, 0xe7, 0x01],
  'f32x4.min': [0xfd, 0xe8, 0x01],
  'f32x4.max': [0xfd, 0xe9, 0x01],
} as const;

export type Opcode = keyof typeof opcodes;

/** An unsigned integer in LEB128: seven bits a byte, the lowest first. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

/** A signed integer in LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest < -64 || rest > 63) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  return [...bytes, rest & 0x7f];
}

function double(value: number): number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return [...new Uint8Array(view.buffer)];
}

const list = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const text = (value: string): number[] => sized([...new TextEncoder().encode(value)]);

/** A function's instructions and local variables, in the order in which they are written. */
export class WasmCode {
  readonly #bytes: number[] = [];
  readonly #locals: WasmType[] = [];

  constructor(readonly parameters: readonly WasmType[]) {}

  /** A new local variable. */
  local(type: WasmType): number {
    this.#locals.push(type);
    return this.parameters.length + this.#locals.length - 1;
  }

  /** An instruction with its operands: indices, depths and lanes. */
  emit(opcode: Opcode, ...operands: readonly number[]): void {
    this.#bytes.push(...opcodes[opcode], ...operands.flatMap(unsigned));
  }

  integer(value: number): void {
    this.#bytes.push(...opcodes['i32.const'], ...signed(value));
  }

  double(value: number): void {
    this.#bytes.push(...opcodes['f64.const'], ...double(value));
  }

  /** At the address on the stack and so many bytes further on: that is a multiple of 16 for vectors, if `aligned`. */
  memory(
    opcode: 'i32.load' | 'v128.load' | 'v128.load32_splat' | 'v128.store',
    offset: number,
    aligned = true,
  ): void {
    const vector = opcode === 'v128.load' || opcode === 'v128.store';
    this.emit(opcode, vector && aligned ? 4 : 2, offset);
  }

  body(): number[] {
    const locals = this.#locals.map((type) => [1, wasmTypes[type]]);
    return sized([...list(locals), ...this.#bytes, ...opcodes.end]);
  }
}

/**
 * The bytes of a module that exports one function, `run`, without a result. It imports `memory`, of at least so many pages of
 * 64 KiB, and functions of doubles, which are called by their places in `functions`; all from the module `host`.
 */
export function wasmModule(
  code: WasmCode,
  { pages, functions }: { pages: number; functions: readonly { name: string; arguments: number }[] },
): Uint8Array<ArrayBuffer> {
  const { i32: _, f64 } = wasmTypes;
  const signature = (inputs: readonly number[], outputs: readonly number[]): number[] => [
    0x60,
    ...sized(inputs),
    ...sized(outputs),
  ];
  const types = [
    ...functions.map(({ arguments: count }) => signature(new Array<number>(count).fill(f64), [f64])),
    signature(
      code.parameters.map((type) => wasmTypes[type]),
      [],
    ),
  ];
  const imported = (name: string, what: readonly number[]): number[] => [
    ...text('host'),
    ...text(name),
    ...what,
  ];
  const imports = [
    ...functions.map(({ name }, i) => imported(name, [0x00, ...unsigned(i)])),
    imported('memory', [0x02, 0x00, ...unsigned(pages)]),
  ];
  const sections: readonly (readonly [number, readonly number[]])[] = [
    [1, list(types)],
    [2, list(imports)],
    [3, list([unsigned(functions.length)])],
    [7, list([[...text('run'), 0x00, ...unsigned(functions.length)]])],
    [10, list([code.body()])],
  ];
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  return Uint8Array.from([...header, ...sections.flatMap(([id, bytes]) => [id, ...sized(bytes)])]);
}
