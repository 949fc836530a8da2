import type { Emitter } from '../emitter.js';
import type { Block } from '../emitter.js';

type FourExtents = readonly [number, number, number, number];

/** A weight's extents, and its blocks. */
interface Gathering {
  readonly out: number;
  readonly into: number;
  readonly taps: number;
  readonly block: Block;
  readonly emit: Emitter;
}

/**
 * A weight in the order in which the blocked convolution reads it, `[out/b, in/b, h, w, b in, b out]`, out of rows of b
 * numbers that differ in `b out` alone.
 *
 * A single transposition would move every number by itself, which on small images takes longer than the convolution. A
 * transposition of matrices, which brings the output channels to the end, and then this, which moves rows, is 3 to 7 times
 * as fast.
 *
 * @param rowOf the row that a place takes
 */
function gatherRows(
  rows: string,
  { out, into, taps, block, emit }: Gathering,
  kind: string,
  rowOf: (outBlock: number, intoBlock: number, tap: number, within: number) => number,
): string {
  const table = emit.table(`${kind} weight ${out} ${into} ${taps} ${block}`, () => {
    const found = new Int32Array((out * into * taps) / block);
    let i = 0;
    for (let outBlock = 0; outBlock < out / block; outBlock++)
      for (let intoBlock = 0; intoBlock < into / block; intoBlock++)
        for (let tap = 0; tap < taps; tap++)
          for (let within = 0; within < block; within++) found[i++] = rowOf(outBlock, intoBlock, tap, within);
    return found;
  });
  const lines = emit.reshape(rows, [(out * into * taps) / block, block]);
  return emit.node('Gather', [lines, table], { axis: 0 });
}

/** The weight of a convolution, `[out, in, h, w]`, as the blocked convolution reads it. */
export function blockedWeight(
  weight: string,
  [out, into, height, width]: FourExtents,
  block: Block,
  emit: Emitter,
): string {
  const taps = height * width;
  // [in, taps, out]
  const rows = emit.transpose(emit.reshape(weight, [out, into * taps]), [1, 0]);
  const gathered = gatherRows(
    rows,
    { out, into, taps, block, emit },
    'forward',
    (outBlock, intoBlock, tap, within) =>
      ((intoBlock * block + within) * taps + tap) * (out / block) + outBlock,
  );
  return emit.reshape(gathered, [out, into, height, width]);
}

/**
 * The weight of the convolution that goes backwards, as the blocked convolution reads it: of `[out, in, h, w]` the
 * transposed `[in, out, h, w]`, turned by 180°.
 */
export function blockedBackwardWeight(
  weight: string,
  [out, into, height, width]: FourExtents,
  block: Block,
  emit: Emitter,
): string {
  const taps = height * width;
  // [out, taps, in]; its outputs are the convolution's inputs, and the last tap comes first.
  const rows = taps === 1 ? weight : emit.transpose(emit.reshape(weight, [out, into, taps]), [0, 2, 1]);
  const gathered = gatherRows(
    rows,
    { out: into, into: out, taps, block, emit },
    'backward',
    (intoBlock, outBlock, tap, within) =>
      ((outBlock * block + within) * taps + (taps - 1 - tap)) * (into / block) + intoBlock,
  );
  return emit.reshape(gathered, [into, out, height, width]);
}
