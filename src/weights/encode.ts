import { metadataName, prefixLength } from './header.js';
import { bytesOfTensor, bytesPerElement, elementsOf, type StoredTensor } from './stored-tensor.js';

/** What a safetensors file holds. */
export interface SafetensorsContent {
  /** By name; the order is kept. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The bytes of a safetensors file.
 *
 * @throws RangeError if a tensor's data does not fit its shape, or one has the name that is kept for the metadata
 *
 * @example
 * const bytes = encodeSafetensors({
 *   tensors: new Map([['bias', { dtype: 'F32', shape: [2], data: Float32Array.of(0, 1) }]]),
 *   metadata: { network: 'dbsnl' },
 * });
 */
export function encodeSafetensors(content: SafetensorsContent): Uint8Array {
  const chunks = safetensorsChunks(content);
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/**
 * The bytes of a safetensors file in pieces, most of them views of the tensors' own memory.
 *
 * The header has the order of the map. The data lies by falling size of its elements, so that with the header
 * filled up to a multiple of 8 bytes every tensor is aligned: the format allows no gaps between tensors.
 */
export function safetensorsChunks({ tensors, metadata }: SafetensorsContent): readonly Uint8Array[] {
  for (const [name, tensor] of tensors) checkTensor(name, tensor);
  const byElementSize = [...tensors].sort(
    ([, a], [, b]) => bytesPerElement[b.dtype] - bytesPerElement[a.dtype],
  );
  const begins = new Map<string, number>();
  let end = 0;
  for (const [name, { data }] of byElementSize) {
    begins.set(name, end);
    end += data.byteLength;
  }
  const fields = [...tensors].map(([name, { dtype, shape, data }]) => {
    const begin = begins.get(name) ?? 0;
    return entry(name, { dtype, shape, data_offsets: [begin, begin + data.byteLength] });
  });
  if (metadata !== undefined && Object.keys(metadata).length > 0) {
    fields.unshift(entry(metadataName, metadata));
  }
  return [
    ...encodeHeader(`{${fields.join(',')}}`),
    ...byElementSize.map(([, tensor]) => bytesOfTensor(tensor)),
  ];
}

/** Written by hand one by one, because an object would bring names such as `0` to the front. */
function entry(name: string, value: object): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function encodeHeader(text: string): [length: Uint8Array, header: Uint8Array] {
  const encoded = new TextEncoder().encode(text);
  const header = new Uint8Array(Math.ceil(encoded.length / 8) * 8).fill(0x20);
  header.set(encoded);
  const length = new Uint8Array(prefixLength);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return [length, header];
}

function checkTensor(name: string, { dtype, shape, data }: StoredTensor): void {
  if (name === metadataName) throw new RangeError(`a tensor cannot be named ${metadataName}`);
  const whole = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!whole || elementsOf(shape) !== data.length) {
    throw new RangeError(
      `tensor ${name} of ${dtype} has the shape [${shape.join(', ')}] and ${data.length} numbers`,
    );
  }
}
