import type { FileHandle } from 'node:fs/promises';
import type { Allowance } from '../allowance.js';

/** A field of a protocol-buffers message in a file: a number, or the place of its bytes. */
export interface ProtobufField {
  readonly number: number;
  /** Of a number; 0 for anything else. */
  readonly value: bigint;
  /** Where the field's bytes lie: text, a message, or packed numbers. */
  readonly offset: number;
  readonly length: number;
}

/** More than a tag and a length, or a number, take. */
const LONGEST_HEAD = 20;

/** A varint: 7 bits a byte, lowest first, the highest bit of a byte says that another follows. */
function varint(
  bytes: Uint8Array,
  at: number,
): { readonly value: bigint; readonly next: number } | undefined {
  let value = 0n;
  for (let i = at; i < Math.min(bytes.length, at + 10); i++) {
    const byte = bytes[i] ?? 0;
    value |= BigInt(byte & 0x7f) << BigInt(7 * (i - at));
    if (byte < 0x80) return { value, next: i + 1 };
  }
  return undefined;
}

/** Bytes of a number of fixed length, by its wire type. */
const fixedLength: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/**
 * The fields of the message that lies in `[start, end)` of a file, in their order. Long ones are stepped over, so that a
 * message of gigabytes is read in no time.
 *
 * @param allowance what the fields may cost
 * @throws RangeError where the bytes are no message, or it is cut off
 * @throws RevelaError where there are more fields than the allowance lets be read
 */
export async function* protobufFields(
  file: FileHandle,
  start: number,
  end: number,
  allowance: Pick<Allowance, 'spend'>,
): AsyncGenerator<ProtobufField> {
  const bytesAt = pieces(file, end);
  for (let at = start; at < end; ) {
    allowance.spend(1);
    const bytes = bytesAt(at) ?? (await bytesAt.fill(at));
    const field = fieldIn(bytes, at, end);
    yield field;
    at = field.offset + field.length;
  }
}

/** The field that begins at a place of the file; `bytes` are those from there on. */
function fieldIn(bytes: Uint8Array, at: number, end: number): ProtobufField {
  const tag = varint(bytes, 0);
  if (tag === undefined || tag.value < 8n) throw new RangeError(`no field begins at byte ${at}`);
  const wire = Number(tag.value & 7n);
  const number = Number(tag.value >> 3n);
  const content = wire === 0 || wire === 2 ? varint(bytes, tag.next) : { value: 0n, next: tag.next };
  const length = wire === 0 ? 0 : wire === 2 ? Number(content?.value ?? 0n) : fixedLength[wire];
  if (content === undefined || length === undefined)
    throw new RangeError(`the field at byte ${at} has no length`);
  const offset = at + content.next;
  if (offset + length > end) throw new RangeError(`the field at byte ${at} is cut off`);
  return { number, value: wire === 0 ? content.value : 0n, offset, length };
}

/** Short fields stand close together: they are read by the piece, not one by one. */
const pieceLength = 2 ** 16;

/** The bytes of a file up to `end` from any place on, at least as many as a head takes; `undefined` if they are not read yet. */
function pieces(
  file: FileHandle,
  end: number,
): ((at: number) => Uint8Array | undefined) & { fill(at: number): Promise<Uint8Array> } {
  const piece = new Uint8Array(pieceLength);
  let [from, to] = [0, 0];
  const bytesAt = (at: number): Uint8Array | undefined =>
    at >= from && (at + LONGEST_HEAD <= to || (to === end && at < to))
      ? piece.subarray(at - from, to - from)
      : undefined;
  return Object.assign(bytesAt, {
    async fill(at: number): Promise<Uint8Array> {
      const { bytesRead } = await file.read(piece, 0, Math.min(pieceLength, end - at), at);
      [from, to] = [at, at + bytesRead];
      return piece.subarray(0, bytesRead);
    },
  });
}
