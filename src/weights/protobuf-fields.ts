import type { FileHandle } from 'node:fs/promises';

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
 * @throws RangeError where the bytes are no message, or it is cut off
 */
export async function* protobufFields(
  file: FileHandle,
  start: number,
  end: number,
): AsyncGenerator<ProtobufField> {
  const head = new Uint8Array(LONGEST_HEAD);
  for (let at = start; at < end; ) {
    const { bytesRead } = await file.read(head, 0, Math.min(LONGEST_HEAD, end - at), at);
    const bytes = head.subarray(0, bytesRead);
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
    yield { number, value: wire === 0 ? content.value : 0n, offset, length };
    at = offset + length;
  }
}
