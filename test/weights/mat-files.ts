import { deflateSync } from 'node:zlib';

/** A matrix, its numbers column by column. */
export interface MatMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** A compressed MATLAB file of version 7 with one matrix or cell array, as `save` writes it. */
export function matOf(name: string, content: MatMatrix | readonly MatMatrix[]): Uint8Array {
  if ('rows' in content)
    return fileOf(matrix(6, content.rows, content.columns, name, element(9, bytesOf(content.data))));
  const items = content.map(({ rows, columns, data }) =>
    matrix(6, rows, columns, '', element(9, bytesOf(data))),
  );
  return fileOf(matrix(1, content.length, 1, name, Buffer.concat(items)));
}

/** The same with a cell array of texts. */
export function matTexts(name: string, texts: readonly string[]): Uint8Array {
  const items = texts.map((text) => matrix(4, 1, text.length, '', element(16, Buffer.from(text))));
  return fileOf(matrix(1, texts.length, 1, name, Buffer.concat(items)));
}

/** The same with several matrices of zeros, each in a variable of its own: small files of much. */
export function matOfZeros(variables: number, columns: number): Uint8Array {
  return fileOf(matrix(6, 1, columns, 'zeros', element(2, new Uint8Array(columns))), variables);
}

function fileOf(variable: Uint8Array, copies = 1): Uint8Array {
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file, written by a test');
  header.fill(0, 116, 124);
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126);
  const packed = deflateSync(variable);
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(15, 0);
  tag.writeUInt32LE(packed.length, 4);
  return Buffer.concat([header, ...Array.from({ length: copies }, () => [tag, packed]).flat()]);
}

function matrix(kind: number, rows: number, columns: number, name: string, content: Uint8Array): Buffer {
  const parts = [
    element(6, bytesOf(Uint32Array.of(kind, 0))),
    element(5, bytesOf(Int32Array.of(rows, columns))),
    element(1, Buffer.from(name)),
    content,
  ];
  return element(14, Buffer.concat(parts));
}

/** A tag, the bytes, and zeros up to a multiple of 8. */
export function element(type: number, bytes: Uint8Array): Buffer {
  const result = Buffer.alloc(8 + Math.ceil(bytes.length / 8) * 8);
  result.writeUInt32LE(type, 0);
  result.writeUInt32LE(bytes.length, 4);
  result.set(bytes, 8);
  return result;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
