import type { Tensor } from '../../tensor/index.js';
import { type Layout, sourceOf } from './layout.js';

/** One form of a value, and what is known of it: in a plan that it is there, in a model its name. */
export interface Form<Known> {
  readonly layout: Layout;
  readonly known: Known;
}

/** Makes a missing form of a value of another. */
type Convert<Known> = (tensor: Tensor, from: Form<Known>, to: Layout) => Known;

/** A value that is computed later: when somebody asks for it. */
type Waiting = () => void;

/**
 * The forms that values have so far. A missing one is made when it is asked for. A plan and what emits it go by the same
 * forms, so that a plan knows which there will be.
 */
export class Forms<Known> {
  readonly #forms = new Map<Tensor, Map<Layout, Known>>();
  readonly #waiting = new Map<Tensor, Waiting>();

  constructor(private readonly convert: Convert<Known>) {}

  /** The value is computed, in one form. */
  set(tensor: Tensor, { layout, known }: Form<Known>): void {
    const forms = this.#forms.get(tensor) ?? new Map<Layout, Known>();
    this.#forms.set(tensor, forms.set(layout, known));
  }

  /** Computes the value when somebody asks for it, by a function that sets it: whoever uses it first may do part of the work in passing. */
  wait(tensor: Tensor, compute: Waiting): void {
    this.#waiting.set(tensor, compute);
  }

  /** Whether the value is waiting to be computed. */
  waits(tensor: Tensor): boolean {
    return this.#waiting.has(tensor);
  }

  /** Gives up a value that is computed in passing. */
  drop(tensor: Tensor): void {
    this.#waiting.delete(tensor);
  }

  /** Whether the value is computed and has this form. */
  has(tensor: Tensor, layout: Layout): boolean {
    return this.#forms.get(tensor)?.has(layout) === true;
  }

  /** Whether the value has a form in phases. */
  liesPhased(tensor: Tensor): boolean {
    return this.has(tensor, 'phased') || this.has(tensor, 'points');
  }

  /** Whether the value has a form in blocks, in phases or not, or will when it is computed, so that going on with it costs little. */
  liesBlocked(tensor: Tensor): boolean {
    return this.has(tensor, 'blocked') || this.liesPhased(tensor) || this.waits(tensor);
  }

  /** The value in a form, which is made if it is missing. */
  in(tensor: Tensor, layout: Layout): Known {
    const compute = this.#waiting.get(tensor);
    this.#waiting.delete(tensor);
    compute?.();
    const forms = this.#forms.get(tensor);
    if (forms === undefined) throw new Error(`compile: ${tensor.primitive} was used before it was computed`);
    const known = forms.get(layout);
    if (known !== undefined) return known;
    const source = sourceOf(layout, (other) => forms.has(other));
    const made = this.convert(tensor, { layout: source, known: this.in(tensor, source) }, layout);
    forms.set(layout, made);
    return made;
  }
}
