import type { Tensor } from '../tensor.js';

/** What a gradient rule may use: a rule that reads `inputs` or `output` keeps them alive until the backward pass. */
export interface GradientContext<Inputs extends readonly Tensor[], Attributes extends object> {
  readonly inputs: Inputs;
  readonly attributes: Attributes;
  readonly output: Tensor;
  /** dL/d output, of the output's shape. */
  readonly upstream: Tensor;
}

/** dL/d input for every input, in order; undefined where no gradient flows. */
export type Gradient<Inputs extends readonly Tensor[], Attributes extends object> = (
  context: GradientContext<Inputs, Attributes>,
) => readonly (Tensor | undefined)[];

/** Instructions of WebAssembly that exist for a double and for four floats. */
export type Instruction = 'neg' | 'abs' | 'sqrt' | 'add' | 'sub' | 'mul' | 'div' | 'max' | 'min';

/** The numbers that leave the other operand as it is, on the left and on the right; undefined where there is none. */
export type Neutral = readonly [left: number | undefined, right: number | undefined];

/** What passes over programs know of a primitive that works on each number by itself. */
export interface Traits {
  /**
   * Whether it costs no more than reading its operands and writing its result: it is made a second time, where that saves
   * memory (`rematerialise.ts`).
   */
  readonly cheap: boolean;
  /** The instruction that does it in the loops of optimisers, which call the formula where there is none. */
  readonly instruction?: Instruction;
  /**
   * Of arithmetic: its neutral numbers. Arithmetic is worked out when a program is simplified: between numbers, with a neutral
   * one, and of a number that is repeated once for all.
   */
  readonly neutral?: Neutral;
}

/** All there is to a primitive that works on each number by itself, but for how a target spells it. */
export interface Declaration<Inputs extends readonly Tensor[], Attributes extends object> extends Traits {
  readonly gradient: Gradient<Inputs, Attributes>;
  /** Its value for a number of each operand, in double precision; truths are 0 and 1. */
  evaluate(numbers: readonly number[], attributes: Attributes): number;
}

/** The declaration that comes with an operation: what operation it is, and all that passes over programs know of it. */
export interface Declared<
  Name extends string,
  Inputs extends readonly Tensor[],
  Attributes extends object = object,
> {
  readonly primitive: Name;
  readonly declaration: Declaration<Inputs, Attributes>;
}

/** The inputs of primitives of one operand. */
export type Single = readonly [x: Tensor];
/** The inputs of primitives of two. */
export type Pair = readonly [a: Tensor, b: Tensor];
/** The inputs of a choice between two. */
export type Choice = readonly [condition: Tensor, a: Tensor, b: Tensor];

/** A formula and its gradient, and the traits, of a primitive of one operand. */
export interface SingleRules<Attributes extends object = object> extends Traits {
  readonly formula: (x: number, attributes: Attributes) => number;
  readonly gradient: Gradient<Single, Attributes>;
}

/** The same of a primitive of two operands. */
export interface PairRules extends Traits {
  readonly formula: (a: number, b: number) => number;
  readonly gradient: Gradient<Pair, object>;
}
