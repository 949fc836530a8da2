import { crc32, deflateRawSync } from 'node:zlib';

/**
 * Makes PyTorch checkpoints byte by byte, right ones and wrong ones, as an independent counterpart to the readers.
 * A piece of a pickle is the bytes of the instructions that push one value.
 */
export type Piece = Buffer;

const bytes = (...parts: readonly (string | number | Uint8Array)[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'number'
        ? Buffer.of(part)
        : typeof part === 'string'
          ? Buffer.from(part, 'latin1')
          : part,
    ),
  );

function littleEndian(value: number, length: 2 | 4 | 8): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer.subarray(0, length);
}

/** Pieces for values. */
export const make = {
  text: (text: string): Piece => bytes('X', littleEndian(Buffer.byteLength(text), 4), Buffer.from(text)),
  number: (value: number): Piece =>
    value < 256 ? bytes('K', value) : bytes(0x8a, 8, littleEndian(value, 8)),
  none: bytes('N'),
  no: bytes(0x89),
  tuple: (...items: readonly Piece[]): Piece => bytes('(', ...items, 't'),
  numbers: (values: readonly number[]): Piece => bytes('(', ...values.map(make.number), 't'),
  list: (...items: readonly Piece[]): Piece => bytes('](', ...items, 'e'),
  dict: (entries: Readonly<Record<string, Piece>>): Piece =>
    bytes('}(', ...Object.entries(entries).flatMap(([key, value]) => [make.text(key), value]), 'u'),
  name: (module: string, name: string): Piece => bytes('c', `${module}\n${name}\n`),
  call: (module: string, name: string, ...args: readonly Piece[]): Piece =>
    bytes(make.name(module, name), make.tuple(...args), 'R'),
  /** A module of TorchScript: NEWOBJ of its class, then its attributes. */
  module: (className: string, attributes: Readonly<Record<string, Piece>>): Piece =>
    bytes(make.name(`__torch__.${className}`, 'Module'), ')', 0x81, make.dict(attributes), 'b'),
} as const;

/** What a tensor is a view of, and how. */
export interface View {
  readonly storage: string;
  readonly storageClass?: string;
  /** Numbers in the storage. */
  readonly length: number;
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
  readonly offset?: number;
  readonly legacy?: boolean;
}

/** A tensor as `torch._utils._rebuild_tensor_v2` has it. */
export function tensor(view: View): Piece {
  const { shape, offset = 0 } = view;
  const strides =
    view.strides ?? shape.map((_, axis) => shape.slice(axis + 1).reduce((all, size) => all * size, 1));
  return make.call(
    'torch._utils',
    '_rebuild_tensor_v2',
    storage(view),
    make.number(offset),
    make.numbers(shape),
    make.numbers(strides),
    make.no,
    make.call('collections', 'OrderedDict'),
  );
}

export function storage({
  storage: key,
  storageClass = 'FloatStorage',
  length,
  legacy = false,
}: Pick<View, 'storage' | 'storageClass' | 'length' | 'legacy'>): Piece {
  const id = [make.text('storage'), make.name('torch', storageClass), make.text(key), make.text('cpu')];
  return bytes(make.tuple(...id, make.number(length), ...(legacy ? [make.none] : [])), 'Q');
}

/** A whole pickle of protocol 2. */
export const pickle = (value: Piece): Buffer => bytes(0x80, 2, value, '.');

/** The bytes of numbers in little-endian order. */
export const numbersOf = (data: ArrayBufferView): Buffer =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength);
export const floats = (...values: readonly number[]): Buffer => numbersOf(Float32Array.from(values));

/** How the entries of an archive are packed, and lies about them. */
export interface Packing {
  readonly deflate?: boolean;
  /** The unpacked length that the directory claims. */
  readonly claim?: number;
}

/** A ZIP archive. */
export function zipOf(entries: Readonly<Record<string, Uint8Array>>, packing: Packing = {}): Buffer {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const packed = packing.deflate === true ? deflateRawSync(content) : Buffer.from(content);
    const facts = bytes(
      littleEndian(packing.deflate === true ? 8 : 0, 2),
      littleEndian(0, 4),
      littleEndian(crc32(content), 4),
      littleEndian(packed.length, 4),
      littleEndian(packing.claim ?? content.length, 4),
      littleEndian(Buffer.byteLength(name), 2),
    );
    const local = bytes('PK\x03\x04', littleEndian(20, 2), littleEndian(0x800, 2), facts, littleEndian(0, 2));
    directory.push(
      bytes(
        'PK\x01\x02',
        littleEndian(20, 2),
        littleEndian(20, 2),
        littleEndian(0x800, 2),
        facts,
        Buffer.alloc(12),
        littleEndian(at, 4),
        Buffer.from(name),
      ),
    );
    const entry = bytes(local, Buffer.from(name), packed);
    chunks.push(entry);
    at += entry.length;
  }
  const central = Buffer.concat(directory);
  const count = littleEndian(directory.length, 2);
  const end = bytes(
    'PK\x05\x06',
    littleEndian(0, 4),
    count,
    count,
    littleEndian(central.length, 4),
    littleEndian(at, 4),
    littleEndian(0, 2),
  );
  return Buffer.concat([...chunks, central, end]);
}

/** A checkpoint as PyTorch writes it since 1.6. */
export function zipCheckpoint(
  value: Piece,
  storages: Readonly<Record<string, Uint8Array>> = {},
  packing: Packing = {},
): Buffer {
  const data = Object.entries(storages).map(([key, content]) => [`archive/data/${key}`, content] as const);
  return zipOf(
    { 'archive/data.pkl': pickle(value), ...Object.fromEntries(data), 'archive/version': Buffer.from('3\n') },
    packing,
  );
}

/** A checkpoint as PyTorch wrote it before: storages are their number of elements and their bytes. */
export function legacyCheckpoint(
  value: Piece,
  storages: Readonly<Record<string, { readonly length: number; readonly content: Uint8Array }>> = {},
): Buffer {
  const magic = Buffer.from('8a0a6cfc9c46f9206aa85019', 'hex');
  return Buffer.concat([
    pickle(magic),
    pickle(bytes('M', littleEndian(1001, 2))),
    pickle(make.dict({ protocol_version: make.number(233), little_endian: bytes(0x88) })),
    pickle(value),
    pickle(make.list(...Object.keys(storages).map(make.text))),
    ...Object.values(storages).flatMap(({ length, content }) => [littleEndian(length, 8), content]),
  ]);
}
