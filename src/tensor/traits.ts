import type { Declaration } from './elementwise/declaration.js';
import * as elementwise from './elementwise/index.js';
import type { ElementwiseName, Primitives, StructuralName } from './primitives.js';
import { elementCount, extent } from './shape.js';
import type { Tensor, TensorOf } from './tensor.js';

/** Every primitive that works on each number by itself, by its name: the exports of `elementwise/`. */
const declared: {
  readonly [P in ElementwiseName]: {
    readonly primitive: P;
    readonly declaration: Declaration<Primitives[P]['inputs'], Primitives[P]['attributes']>;
  };
} = elementwise;

/** Whether a primitive works on each number by itself, its operands stretched against each other. */
export function isElementwiseName(primitive: string): primitive is ElementwiseName {
  return Object.hasOwn(declared, primitive);
}

/** Whether a tensor's primitive does; narrows its attributes and inputs. */
export function isElementwise(tensor: Tensor): tensor is TensorOf<ElementwiseName> & Tensor {
  return isElementwiseName(tensor.primitive);
}

/** The declaration of such a primitive. */
export function declarationOf<P extends ElementwiseName>(
  primitive: P,
): Declaration<Primitives[P]['inputs'], Primitives[P]['attributes']> {
  return declared[primitive].declaration;
}

/** A primitive that works on each number by itself, with its attributes. */
export interface ElementwiseCall<P extends ElementwiseName> {
  readonly primitive: P;
  readonly attributes: Primitives[P]['attributes'];
}

/** Its value for one number of each operand, in double precision; truths are 0 and 1. */
export function evaluate<P extends ElementwiseName>(
  { primitive, attributes }: ElementwiseCall<P>,
  numbers: readonly number[],
): number {
  return declarationOf(primitive).evaluate(numbers, attributes);
}

/** What passes over programs know of a primitive that does more. */
interface StructuralTraits<P extends StructuralName> {
  /** Whether it costs no more than reading its operands and writing its result. */
  readonly cheap: boolean;
  /**
   * Multiplications with an addition that it takes, its inputs given: those of convolutions and matrix products, as papers
   * count them. Every tap of a convolution counts, at the border and under a mask too.
   */
  readonly multiplyAdds: (tensor: TensorOf<P>) => number;
}

const none = (): number => 0;
const moves = { cheap: false, multiplyAdds: none } as const;
const renames = { cheap: true, multiplyAdds: none } as const;

const structuralTraits: { readonly [P in StructuralName]: StructuralTraits<P> } = {
  input: moves,
  constant: moves,
  stopGradient: moves,
  reshape: renames,
  transpose: moves,
  broadcast: renames,
  slice: moves,
  pad: moves,
  concat: moves,
  gather: moves,
  scatterAdd: moves,
  sum: moves,
  max: moves,
  softmax: moves,
  matmul: {
    cheap: false,
    multiplyAdds: ({ shape, inputs: [a], attributes: { transposeA } }) =>
      elementCount(shape) * extent(a.shape, transposeA ? -2 : -1),
  },
  convolution: {
    cheap: false,
    multiplyAdds: ({ shape, inputs: [, weight] }) =>
      elementCount(shape) * elementCount(weight.shape.slice(1)),
  },
  // Every number of the upstream gradient is multiplied with all weights of its channel.
  convolutionInputGradient: {
    cheap: false,
    multiplyAdds: ({ inputs: [upstream, weight] }) =>
      elementCount(upstream.shape) * elementCount(weight.shape.slice(1)),
  },
  convolutionWeightGradient: {
    cheap: false,
    multiplyAdds: ({ shape, inputs: [, upstream] }) =>
      elementCount(upstream.shape) * elementCount(shape.slice(1)),
  },
  maxPool: moves,
  upsample: moves,
  blockSum: moves,
};

function isStructural(tensor: Tensor): tensor is TensorOf<StructuralName> & Tensor {
  return Object.hasOwn(structuralTraits, tensor.primitive);
}

/** What either of two functions says of a tensor, by the kind of its primitive. */
export function byKind<T>(
  tensor: Tensor,
  ofElements: (tensor: TensorOf<ElementwiseName>) => T,
  ofStructure: (tensor: TensorOf<StructuralName>) => T,
): T {
  if (isElementwise(tensor)) return ofElements(tensor);
  if (isStructural(tensor)) return ofStructure(tensor);
  throw new TypeError(`${tensor.primitive} is no primitive`);
}

/** Whether making a tensor again, its inputs given, costs no more than reading them and writing it. */
export function isCheap(tensor: Tensor): boolean {
  return byKind(
    tensor,
    ({ primitive }) => declarationOf(primitive).cheap,
    ({ primitive }) => structuralTraits[primitive].cheap,
  );
}

function structuralMultiplyAdds<P extends StructuralName>(tensor: TensorOf<P>): number {
  const traits = structuralTraits[tensor.primitive];
  return traits.multiplyAdds(tensor);
}

/**
 * Multiplications with an addition that a tensor takes by itself, its inputs given; none where its primitive works on each
 * number by itself, as papers count.
 */
export function multiplyAddsOf(tensor: Tensor): number {
  return byKind(tensor, none, structuralMultiplyAdds);
}
