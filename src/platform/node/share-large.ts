import { setImmediate } from 'node:timers/promises';

/** Bytes from which an array is put into shared memory: copying fewer takes about as long as asking another thread. */
const MUCH = 2 ** 20;
/** So many bytes are copied at once; the event loop has its turn between. */
const SLICE = 2 ** 24;

/** An array whose numbers can lie in memory that threads share. */
type Numbers = Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array;

function isNumbers(value: unknown): value is Numbers {
  return (
    value instanceof Float32Array ||
    value instanceof Uint8Array ||
    value instanceof Uint16Array ||
    value instanceof Float64Array ||
    value instanceof Int32Array
  );
}

function emptyLike(numbers: Numbers, buffer: SharedArrayBuffer): Numbers {
  if (numbers instanceof Float32Array) return new Float32Array(buffer);
  if (numbers instanceof Float64Array) return new Float64Array(buffer);
  if (numbers instanceof Int32Array) return new Int32Array(buffer);
  return numbers instanceof Uint16Array ? new Uint16Array(buffer) : new Uint8Array(buffer);
}

/** The same numbers, where they are many, in memory that threads share: they are copied once, slice by slice, not for each thread that is asked. */
export function inSharedMemory(numbers: Float32Array): Promise<Float32Array>;
export function inSharedMemory(numbers: Uint8Array | Uint16Array): Promise<Uint8Array | Uint16Array>;
export function inSharedMemory(numbers: Numbers): Promise<Numbers>;
export async function inSharedMemory(numbers: Numbers): Promise<Numbers> {
  const { buffer, byteOffset, byteLength } = numbers;
  if (byteLength < MUCH || buffer instanceof SharedArrayBuffer) return numbers;
  const shared = new SharedArrayBuffer(byteLength);
  for (let from = 0; from < byteLength; from += SLICE) {
    const length = Math.min(SLICE, byteLength - from);
    new Uint8Array(shared, from, length).set(new Uint8Array(buffer, byteOffset + from, length));
    await setImmediate();
  }
  return emptyLike(numbers, shared);
}

/**
 * A message to another thread whose large arrays lie in shared memory. A message is copied at once, by the thread that sends
 * it, and arrays of a hundred megabytes would hold that for a tenth of a second; these are copied slice by slice before.
 *
 * @param given arrays that the message hands over instead: they stay as they are
 * @param depth how deep in the message arrays lie at most
 * @returns the same where there is nothing large in it
 */
export async function shareLarge(
  message: unknown,
  given: ReadonlySet<unknown> = new Set(),
  depth = 4,
): Promise<unknown> {
  if (typeof message !== 'object' || message === null || given.has(message)) return message;
  if (isNumbers(message)) return inSharedMemory(message);
  if (depth === 0 || ArrayBuffer.isView(message)) return message;
  if (Array.isArray(message)) {
    if (typeof message[0] !== 'object') return message; // numbers and words
    const members: unknown[] = [];
    for (const member of message) members.push(await shareLarge(member, given, depth - 1));
    return members.every((member, i) => member === message[i]) ? message : members;
  }
  const entries: [string, unknown][] = [];
  let changes = false;
  for (const [name, value] of Object.entries(message)) {
    const shared = await shareLarge(value, given, depth - 1);
    changes ||= shared !== value;
    entries.push([name, shared]);
  }
  return changes ? Object.fromEntries(entries) : message;
}
