/** Collects the instructions of a pickle of protocol 2, the one that PyTorch writes. */
export class PickleWriter {
  readonly #bytes: number[] = [0x80, 2];

  /** A value as the instructions of its kind; a list of values is a tuple. */
  value(value: PickleContent): this {
    if (typeof value === 'function') value(this);
    else if (typeof value === 'boolean') this.#bytes.push(value ? 0x88 : 0x89);
    else if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'number') this.#number(value);
    else {
      this.instruction('(');
      for (const item of value) this.value(item);
      this.instruction('t');
    }
    return this;
  }

  /** An instruction without arguments, by its character. */
  instruction(character: string): this {
    this.#bytes.push(character.charCodeAt(0));
    return this;
  }

  /** A class or function by its name. */
  global(module: string, name: string): this {
    this.#bytes.push(...new TextEncoder().encode(`c${module}\n${name}\n`));
    return this;
  }

  end(): Uint8Array {
    return Uint8Array.from(this.instruction('.').#bytes);
  }

  #text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.#bytes.push(0x58, ...littleEndian(bytes.length, 4));
    for (const byte of bytes) this.#bytes.push(byte);
  }

  /** BININT where 31 bits are enough, else LONG1 of 8 bytes. */
  #number(value: number): void {
    if (value < 2 ** 31) this.#bytes.push(0x4a, ...littleEndian(value, 4));
    else this.#bytes.push(0x8a, 8, ...littleEndian(value, 8));
  }
}

/** A whole number from 0, a text, a truth value, a tuple of such, or what a function writes. */
export type PickleContent =
  | number
  | string
  | boolean
  | readonly PickleContent[]
  | ((writer: PickleWriter) => void);

function littleEndian(value: number, length: number): number[] {
  return Array.from({ length }, (_, at) => Math.floor(value / 256 ** at) % 256);
}
