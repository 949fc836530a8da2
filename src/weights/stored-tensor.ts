/** How numbers lie in a file, by the format's names for them, and the typed array that holds them in memory. */
export interface StoredData {
  readonly F64: Float64Array;
  readonly F32: Float32Array;
  /** IEEE half precision, as its bits; {@link toFloat32} makes numbers of them. */
  readonly F16: Uint16Array;
  /** The upper half of a float32, as its bits; {@link toFloat32} makes numbers of them. */
  readonly BF16: Uint16Array;
  readonly I64: BigInt64Array;
  readonly I32: Int32Array;
  readonly I16: Int16Array;
  readonly I8: Int8Array;
  readonly U64: BigUint64Array;
  readonly U32: Uint32Array;
  readonly U16: Uint16Array;
  readonly U8: Uint8Array;
  /** 0 or 1 a byte. */
  readonly BOOL: Uint8Array;
}

/** The kinds of numbers that a safetensors file may hold. */
export type StoredDtype = keyof StoredData;

/** A tensor of a file: its numbers in row-major order; no dimensions for a single number. */
export type StoredTensor = {
  readonly [Dtype in StoredDtype]: {
    readonly dtype: Dtype;
    readonly shape: readonly number[];
    readonly data: StoredData[Dtype];
  };
}[StoredDtype];

/** Bytes that one number takes. */
export const bytesPerElement: Readonly<Record<StoredDtype, 1 | 2 | 4 | 8>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
};

export function isStoredDtype(name: string): name is StoredDtype {
  return Object.hasOwn(bytesPerElement, name);
}

/** The most dimensions of a tensor in any file, which are those that PyTorch and NumPy have. */
export const mostDimensions = 64;

/** How many numbers a shape holds. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A tensor that looks at the whole of a buffer, whose length fits its shape. */
export function tensorOfBuffer(
  dtype: StoredDtype,
  shape: readonly number[],
  buffer: ArrayBuffer,
): StoredTensor {
  switch (dtype) {
    case 'F64':
      return { dtype, shape, data: new Float64Array(buffer) };
    case 'F32':
      return { dtype, shape, data: new Float32Array(buffer) };
    case 'F16':
    case 'BF16':
    case 'U16':
      return { dtype, shape, data: new Uint16Array(buffer) };
    case 'I64':
      return { dtype, shape, data: new BigInt64Array(buffer) };
    case 'I32':
      return { dtype, shape, data: new Int32Array(buffer) };
    case 'I16':
      return { dtype, shape, data: new Int16Array(buffer) };
    case 'I8':
      return { dtype, shape, data: new Int8Array(buffer) };
    case 'U64':
      return { dtype, shape, data: new BigUint64Array(buffer) };
    case 'U32':
      return { dtype, shape, data: new Uint32Array(buffer) };
    case 'U8':
    case 'BOOL':
      return { dtype, shape, data: new Uint8Array(buffer) };
  }
}

/** The bytes of a tensor as they lie in a file. */
export function bytesOfTensor({ data }: StoredTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
