import type { Emitter } from './emitter.js';

/** A side of a picture before and after padding: names of int64 tensors of one element. */
export interface PaddedSide {
  readonly axis: number;
  readonly size: string;
  readonly padded: string;
  /** Pixels before the first one. */
  readonly before: number;
}

/** 0, 1, 2, … up to a size: int64 `[size]`. */
function emitPositions(size: string, emit: Emitter): string {
  const scalar = (name: string): string => emit.node('Squeeze', [name, emit.integers([0])]);
  return emit.node('Range', [scalar(emit.integers([0])), scalar(size), scalar(emit.integers([1]))]);
}

/**
 * Pads a picture at both ends of an axis by reflection that does not repeat the border, however far: what lies
 * at position i, counted from the first pixel, comes from `min(p, 2(size − 1) − p)` with `p = i mod 2(size − 1)`; a line of one pixel is constant.
 * As a Gather, because ONNX's own reflection ends at the size of the picture.
 */
export function emitReflection(x: string, { axis, size, padded, before }: PaddedSide, emit: Emitter): string {
  const one = emit.integers([1]);
  const twice = emit.node('Mul', [emit.node('Sub', [size, one]), emit.integers([2])]);
  const period = emit.node('Max', [twice, one]);
  const positions = emitPositions(padded, emit);
  const counted = before === 0 ? positions : emit.node('Sub', [positions, emit.integers([before])]);
  // Mod of whole numbers has the sign of the divisor, so it is never negative here.
  const phase = emit.node('Mod', [counted, period]);
  const index = emit.node('Min', [phase, emit.node('Sub', [period, phase])]);
  return emit.node('Gather', [x, index], { axis });
}

/** Repeats x along an axis, where it has the extent `period`, until it has the size `padded`; the last time may be cut. */
export function emitRepetition(
  x: string,
  { axis, period, padded }: { readonly axis: number; readonly period: number; readonly padded: string },
  emit: Emitter,
): string {
  const index = emit.node('Mod', [emitPositions(padded, emit), emit.integers([period])]);
  return emit.node('Gather', [x, index], { axis });
}
