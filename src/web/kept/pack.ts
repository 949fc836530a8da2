import { sha256 } from './sha256.js';

/** Arrays of numbers that are laid out as they lie in memory. */
const kinds = { Float32Array, Float64Array, Int32Array, Uint8Array } as const;
type Kind = keyof typeof kinds;

/** The place of an array behind the text. */
type Place = readonly [kind: Kind, from: number, length: number];

/** What stands in the text for an array. */
const MARK = '$array';

/** Arrays begin at multiples of this. */
const ALIGN = 8;
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;

const isKind = (name: unknown): name is Kind => typeof name === 'string' && Object.hasOwn(kinds, name);

/**
 * Bytes of plain data with arrays of numbers in it, and their checksum: the lengths of checksum and text are fixed, the text is JSON, and
 * the arrays follow.
 */
export async function pack(value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const arrays: Uint8Array[] = [];
  let end = 0;
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (!ArrayBuffer.isView(part)) return part;
    const kind = part.constructor.name;
    if (!isKind(kind)) throw new TypeError(`${kind} cannot be packed`);
    const place: Place = [kind, end, part.byteLength];
    arrays.push(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    end += aligned(part.byteLength);
    return { [MARK]: place };
  });
  const letters = new TextEncoder().encode(text);
  const body = new Uint8Array(ALIGN + aligned(letters.length) + end);
  new DataView(body.buffer).setUint32(0, letters.length);
  body.set(letters, ALIGN);
  let at = ALIGN + aligned(letters.length);
  for (const array of arrays) {
    body.set(array, at);
    at += aligned(array.length);
  }
  const sum = new TextEncoder().encode(await sha256(body));
  const bytes = new Uint8Array(sum.length + body.length);
  bytes.set(sum);
  bytes.set(body, sum.length);
  return bytes;
}

/** Hexadecimal digits of a checksum. */
const SUM = 64;

/** What {@link pack} was given; `undefined` where the bytes are not whole. */
export async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const body = bytes.slice(SUM);
  if (body.length < ALIGN || new TextDecoder().decode(bytes.subarray(0, SUM)) !== (await sha256(body)))
    return undefined;
  const length = new DataView(body.buffer).getUint32(0);
  const first = ALIGN + aligned(length);
  const text = new TextDecoder().decode(body.subarray(ALIGN, ALIGN + length));
  return JSON.parse(text, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || !(MARK in part) || !Array.isArray(part[MARK]))
      return part;
    const [kind, from, size]: readonly unknown[] = part[MARK];
    if (!isKind(kind) || typeof from !== 'number' || typeof size !== 'number') return part;
    return new kinds[kind](body.slice(first + from, first + from + size).buffer);
  });
}
