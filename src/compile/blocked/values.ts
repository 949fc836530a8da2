import type { Tensor } from '../../tensor/index.js';
import { extent } from '../../tensor/index.js';
import type { Emitter } from '../emitter.js';
import { onnxTypes } from '../emitter.js';
import type { Block } from './block.js';
import { blockedFromPhased, type ImageRows, phasedFromBlocked, rowsOf } from './row-order.js';

/** The domain of ONNX Runtime's operators on channel-blocked images. */
const DOMAIN = { domain: 'com.microsoft.nchwc' } as const;

/**
 * The forms in which an image of `[batch, channels, height, width]` may lie in memory: plain, in that order; blocked,
 * `[batch, channels / block, height, width, block]`, which the processor's vector instructions like and for which
 * ONNX Runtime has convolutions of its own ("NCHWc"); or blocked and phased, which is how Winograd's convolutions leave it:
 * `[batch, 4, channels / block, ⌈height / 4⌉, width, block]`, first every fourth row, then every fourth from the second on.
 * A blocked value keeps the shape of the plain one.
 */
export type Layout = 'plain' | 'blocked' | 'phased';

/** A value in one of its forms. */
export interface Spelled {
  readonly layout: Layout;
  readonly name: string;
}

/** The names of the values that are computed so far, in any form; a missing one is made when it is asked for. */
export class Values {
  readonly #plain = new Map<Tensor, string>();
  readonly #blocked = new Map<Tensor, string>();
  readonly #phased = new Map<Tensor, string>();
  readonly #deferred = new Map<Tensor, () => Spelled>();

  constructor(
    readonly emit: Emitter,
    private readonly block: Block | undefined,
  ) {}

  set(tensor: Tensor, { layout, name }: Spelled): void {
    const forms = { plain: this.#plain, blocked: this.#blocked, phased: this.#phased };
    forms[layout].set(tensor, name);
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

  /** Whether the value is computed in blocked form, phased or not, so that going on with it costs little. */
  liesBlocked(tensor: Tensor): boolean {
    return this.#blocked.has(tensor) || this.#deferred.has(tensor) || this.#phased.has(tensor);
  }

  /** Whether the value is computed in phased form. */
  liesPhased(tensor: Tensor): boolean {
    return this.#phased.has(tensor);
  }

  plain(tensor: Tensor): string {
    this.#settle(tensor);
    const known = this.#plain.get(tensor);
    if (known !== undefined) return known;
    if (!this.liesBlocked(tensor))
      throw new Error(`compile: ${tensor.primitive} was used before it was computed`);
    const blocked = this.blocked(tensor);
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
    const phased = this.#phased.get(tensor);
    const name =
      phased === undefined
        ? this.#asFloats(tensor, this.plain(tensor), (x) => this.emit.node('ReorderInput', [x], {}, DOMAIN))
        : blockedFromPhased(phased, this.#rowsOf(tensor), this.emit);
    this.#blocked.set(tensor, name);
    return name;
  }

  phased(tensor: Tensor): string {
    const known = this.#phased.get(tensor);
    if (known !== undefined) return known;
    const name = phasedFromBlocked(this.blocked(tensor), this.#rowsOf(tensor), this.emit);
    this.#phased.set(tensor, name);
    return name;
  }

  /** The value with the channels last: `[batch, height, width, channels]`. */
  channelsLast(tensor: Tensor): string {
    this.#settle(tensor);
    if (!this.liesBlocked(tensor)) return this.emit.transpose(this.plain(tensor), [0, 2, 3, 1]);
    const channels = extent(tensor.shape, 1);
    return this.emit.node('ReorderOutput', [this.blocked(tensor)], { channels, channels_last: 1 }, DOMAIN);
  }

  #rowsOf(tensor: Tensor): ImageRows {
    if (this.block === undefined) throw new Error(`compile: ${tensor.primitive} has no blocks here`);
    return rowsOf(tensor, this.block);
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
