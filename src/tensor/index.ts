export * from './composed/activations.js';
export * from './composed/attention.js';
export * from './composed/losses.js';
export * from './composed/normalisation.js';
export * from './composed/padding.js';
export * from './composed/resampling.js';
export * from './composed/separable.js';
export * from './composed/total.js';
export { gradientsOf } from './differentiate.js';
export type {
  Choice,
  Declaration,
  Declared,
  Gradient,
  GradientContext,
  Instruction,
  Neutral,
  Pair,
  Single,
  Traits,
} from './elementwise/declaration.js';
export type { PairOperation, SingleOperation } from './elementwise/make.js';
export { type FlatProgram, flattened, unflattened } from './flat-program.js';
export { grouped, groupOf } from './groups.js';
export * from './operations/index.js';
export { byteCount, peakBytes } from './peak-bytes.js';
export type {
  ConvolutionGeometry,
  ElementwiseName,
  ElementwiseOperations,
  ElementwisePrimitives,
  PoolingGeometry,
  PrimitiveName,
  Primitives,
  StructuralName,
  StructuralPrimitives,
} from './primitives.js';
export * from './program.js';
export { rematerialise } from './rematerialise.js';
export * from './shape.js';
export { floatsOf } from './floats.js';
export type { DType, Shape, Tensor, TensorData, TensorOf, TensorValue } from './tensor.js';
export { createTensor, isPrimitive, rebuiltWith } from './tensor.js';
export {
  byKind,
  declarationOf,
  type ElementwiseCall,
  evaluate,
  isElementwise,
  isElementwiseName,
  multiplyAddsOf,
} from './traits.js';
export { topologicalOrder } from './walk.js';
