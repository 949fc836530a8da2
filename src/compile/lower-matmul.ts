import type { Emitter } from './emitter.js';

/** A matrix, or a stack of them, in a model: the name of its value and its number of axes. */
export interface Matrix {
  readonly name: string;
  readonly rank: number;
}

/** The same with its last two axes swapped. */
function turned({ name, rank }: Matrix, emit: Emitter): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return emit.transpose(name, [...axes.slice(0, -2), rank - 1, rank - 2]);
}

/** A·B over the last two axes, either of them transposed. The WebGPU provider has no product that transposes by itself. */
export function emitProduct(
  a: Matrix,
  b: Matrix,
  {
    transposeA = false,
    transposeB = false,
  }: { readonly transposeA?: boolean; readonly transposeB?: boolean },
  emit: Emitter,
): string {
  if (!transposeA && !transposeB) return emit.node('MatMul', [a.name, b.name]);
  if (emit.device === 'cpu' || emit.device === 'cuda')
    return emit.node(
      'FusedMatMul',
      [a.name, b.name],
      { transA: Number(transposeA), transB: Number(transposeB), alpha: { float: 1 } },
      { domain: 'com.microsoft' },
    );
  return emit.node('MatMul', [transposeA ? turned(a, emit) : a.name, transposeB ? turned(b, emit) : b.name]);
}
