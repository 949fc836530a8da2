import type { Tensor } from '../../tensor/index.js';
import { extent } from '../../tensor/index.js';
import type { Emitter } from '../emitter.js';
import { onnxTypes } from '../emitter.js';

/** The domain of ONNX Runtime's operators on channel-blocked images. */
const DOMAIN = { domain: 'com.microsoft.nchwc' } as const;

/**
 * The two forms in which an image of `[batch, channels, height, width]` may lie in memory: plain, in that order, or
 * blocked, `[batch, channels / block, height, width, block]`, which the processor's vector instructions like and for which
 * ONNX Runtime has convolutions of its own ("NCHWc"). A blocked value keeps the shape of the plain one.
 */
export type Layout = 'plain' | 'blocked';

/** A value in one of its forms. */
export interface Spelled {
  readonly layout: Layout;
  readonly name: string;
}

/** The names of the values that are computed so far, in either form; the missing one is made when it is asked for. */
export class Values {
  readonly #plain = new Map<Tensor, string>();
  readonly #blocked = new Map<Tensor, string>();
  readonly #deferred = new Map<Tensor, () => Spelled>();

  constructor(readonly emit: Emitter) {}

  set(tensor: Tensor, { layout, name }: Spelled): void {
    (layout === 'plain' ? this.#plain : this.#blocked).set(tensor, name);
  }

  /** Computes the value when somebody asks for it: whoever uses it first may do part of the work in passing. */
  defer(tensor: Tensor, spell: () => Spelled): void {
    this.#deferred.set(tensor, spell);
  }

  /** Whether the value is waiting to be computed. */
  isDeferred(tensor: Tensor): boolean {
    return this.#deferred.has(tensor);
  }

  /** Gives up a value that was computed in passing. */
  drop(tensor: Tensor): void {
    this.#deferred.delete(tensor);
  }

  /** Whether the value is computed in blocked form, so that going on with it is free. */
  liesBlocked(tensor: Tensor): boolean {
    return this.#blocked.has(tensor) || this.#deferred.has(tensor);
  }

  plain(tensor: Tensor): string {
    this.#settle(tensor);
    const known = this.#plain.get(tensor);
    if (known !== undefined) return known;
    const blocked = this.#blocked.get(tensor);
    if (blocked === undefined)
      throw new Error(`compile: ${tensor.primitive} was used before it was computed`);
    const channels = extent(tensor.shape, 1);
    const name = this.#asFloats(tensor, blocked, (x) =>
      this.emit.node('ReorderOutput', [x], { channels }, DOMAIN),
    );
    this.#plain.set(tensor, name);
    return name;
  }

  blocked(tensor: Tensor): string {
    this.#settle(tensor);
    const known = this.#blocked.get(tensor);
    if (known !== undefined) return known;
    const name = this.#asFloats(tensor, this.plain(tensor), (x) =>
      this.emit.node('ReorderInput', [x], {}, DOMAIN),
    );
    this.#blocked.set(tensor, name);
    return name;
  }

  /** The value with the channels last: `[batch, height, width, channels]`. */
  channelsLast(tensor: Tensor): string {
    this.#settle(tensor);
    const blocked = this.#blocked.get(tensor);
    if (blocked === undefined) return this.emit.transpose(this.plain(tensor), [0, 2, 3, 1]);
    const channels = extent(tensor.shape, 1);
    return this.emit.node('ReorderOutput', [blocked], { channels, channels_last: 1 }, DOMAIN);
  }

  #settle(tensor: Tensor): void {
    const spell = this.#deferred.get(tensor);
    if (spell === undefined) return;
    this.#deferred.delete(tensor);
    this.set(tensor, spell());
  }

  /** Layouts are changed of floats only. */
  #asFloats(tensor: Tensor, name: string, reorder: (name: string) => string): string {
    if (tensor.dtype === 'float32') return reorder(name);
    const floats = this.emit.node('Cast', [name], { to: onnxTypes.float32 });
    return this.emit.node('Cast', [reorder(floats)], { to: onnxTypes[tensor.dtype] });
  }
}
