import type { DType, Shape, TensorValue } from '../tensor/index.js';

/** A tensor that lives with the worker, on the device: it is fed to runs without being moved. */
export interface DeviceTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Gives its memory back, after the runs that were already asked for. Harmless when repeated. */
  release(): void;
}

/** What a {@link DeviceTensor} is to the runtime that made it. */
export class ResidentTensor implements DeviceTensor {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly #free: (id: number) => void;
  #released = false;

  constructor(id: number, { shape, dtype }: { shape: Shape; dtype: DType }, free: (id: number) => void) {
    this.id = id;
    this.shape = shape;
    this.dtype = dtype;
    this.#free = free;
  }

  madeWith(free: (id: number) => void): boolean {
    return this.#free === free;
  }

  get released(): boolean {
    return this.#released;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#free(this.id);
  }
}

/** True for numbers on the host, false for a tensor on the device. */
export function isTensorValue(feed: TensorValue | DeviceTensor): feed is TensorValue {
  return 'data' in feed;
}
