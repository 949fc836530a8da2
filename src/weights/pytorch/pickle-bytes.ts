/** The bytes of a pickle end before the pickle does: it is truncated, or more of its file has to be read. */
export class OutOfBytes extends Error {}

/** Reads the arguments of a pickle's instructions, one after the other. */
export class PickleBytes {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = start;
  }

  /** Moves over so many bytes; returns where they begin. */
  #over(length: number): number {
    const begin = this.at;
    if (length > this.#bytes.length - begin) throw new OutOfBytes();
    this.at += length;
    return begin;
  }

  take(length: number): Uint8Array {
    const begin = this.#over(length);
    return this.#bytes.subarray(begin, begin + length);
  }

  uint8(): number {
    return this.#view.getUint8(this.#over(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#over(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#over(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#over(4), true);
  }

  /** A length; one above 2⁵³ is not exact, and beyond any file. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#over(8), true));
  }

  /** Big-endian, as pickles have it. */
  float64(): number {
    return this.#view.getFloat64(this.#over(8), false);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }

  /** Text up to the end of a line, without it. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new OutOfBytes();
    const text = this.text(end - this.at);
    this.at = end + 1;
    return text;
  }

  /** A whole number in two's complement, little-endian. */
  long(length: number): bigint {
    const bytes = this.take(length);
    const magnitude = bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
    return BigInt.asIntN(8 * length, magnitude);
  }
}
