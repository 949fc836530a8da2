import type { Raster } from '../pixels/index.js';

/**
 * Decoded pictures by number, loaded when first asked for and kept while their samples fit into `maxBytes`; those
 * asked for longest ago go first. The one just asked for stays even if it is larger than that alone.
 */
export class RasterCache {
  readonly #load: (index: number) => Promise<Raster>;
  readonly #maxBytes: number;
  /** In the order of their last use. */
  readonly #kept = new Map<number, Raster>();
  #bytes = 0;

  constructor(load: (index: number) => Promise<Raster>, maxBytes: number) {
    this.#load = load;
    this.#maxBytes = maxBytes;
  }

  async get(index: number): Promise<Raster> {
    const kept = this.#kept.get(index);
    const raster = kept ?? (await this.#load(index));
    this.#kept.delete(index);
    this.#kept.set(index, raster);
    if (kept === undefined) {
      this.#bytes += raster.samples.byteLength;
      this.#evict(index);
    }
    return raster;
  }

  /** Bytes of the samples that are held. */
  get bytes(): number {
    return this.#bytes;
  }

  #evict(newest: number): void {
    for (const [index, raster] of this.#kept) {
      if (this.#bytes <= this.#maxBytes || index === newest) return;
      this.#kept.delete(index);
      this.#bytes -= raster.samples.byteLength;
    }
  }
}
