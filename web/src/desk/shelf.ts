import type { Pixels } from 'revela/web';
import type { Made } from './made.js';

interface Laid {
  readonly layers: readonly {
    readonly detail: number;
    readonly width: number;
    readonly height: number;
    readonly bytes: Blob;
    readonly deep: boolean;
  }[];
  readonly mixed: boolean;
}

/** Results that nobody looks at, as blobs, which browsers lay on the disk when there are many. */
export class Shelf {
  readonly #laid = new Map<number, Laid>();

  has(picture: number): boolean {
    return this.#laid.has(picture);
  }

  /** Lays a result away. */
  put(picture: number, { layers, mixed }: Made): void {
    this.#laid.set(picture, {
      layers: layers.map(({ detail, image: { data, width, height } }) => ({
        ...{ detail, width, height },
        bytes: new Blob([data]),
        deep: data instanceof Uint16Array,
      })),
      mixed,
    });
  }

  /** A result; that of the time when it is there, if it is laid away anew or dropped as it is fetched. */
  async get(picture: number): Promise<Made | undefined> {
    const laid = this.#laid.get(picture);
    if (laid === undefined) return undefined;
    const layers = laid.layers.map(async ({ detail, width, height, bytes, deep }) => {
      const buffer = await bytes.arrayBuffer();
      const data = deep ? new Uint16Array(buffer) : new Uint8ClampedArray(buffer);
      const image: Pixels = { data, width, height };
      return { detail, image };
    });
    const made = { layers: await Promise.all(layers), mixed: laid.mixed };
    return this.#laid.get(picture) === laid ? made : this.get(picture);
  }

  drop(picture: number): void {
    this.#laid.delete(picture);
  }
}
