/** A piece of an axis, and the part of it that counts: positions `from` to before `to` of the whole. */
export interface Span {
  readonly start: number;
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** A piece of a picture. */
export interface DistanceTile {
  readonly x: Span;
  readonly y: Span;
}

/** Pixels by which pieces begin apart, at least: that many as positions of the deepest layers are. */
export const DEEPEST_STRIDE = 16;

/**
 * Pixels around what counts of a piece. No position of VGG16, AlexNet or SqueezeNet that is compared looks further: the farthest
 * are SqueezeNet's, which look 118 pixels to the right and down.
 */
export const DISTANCE_MARGIN = 128;

/**
 * Cuts an axis into pieces that overlap. A piece begins at a multiple of the deepest stride, so that a layer has its positions
 * at the same pixels in a piece as in the whole, and nothing is added at its ends: the ends of the whole are those of a piece.
 */
export function spansOf(size: number, tile: number): readonly Span[] {
  const length = Math.max(
    Math.floor(tile / DEEPEST_STRIDE) * DEEPEST_STRIDE,
    2 * DISTANCE_MARGIN + DEEPEST_STRIDE,
  );
  const step = length - 2 * DISTANCE_MARGIN;
  const spans: Span[] = [];
  for (let start = 0; ; start += step) {
    const last = start + length >= size;
    spans.push({
      start,
      length: last ? size - start : length,
      from: start === 0 ? 0 : start + DISTANCE_MARGIN,
      to: last ? size : start + length - DISTANCE_MARGIN,
    });
    if (last) return spans;
  }
}

/** All pieces of a picture. */
export function distanceTiles(width: number, height: number, tile: number): readonly DistanceTile[] {
  const rows = spansOf(height, tile);
  const columns = spansOf(width, tile);
  return rows.flatMap((y) => columns.map((x) => ({ x, y })));
}

/** The positions of a layer within a piece that count: from the first to before the last, at most `count`. */
export function countingPositions(
  { start, from, to }: Span,
  stride: number,
  count: number,
): readonly [first: number, end: number] {
  const place = (pixel: number): number => Math.min(count, Math.max(0, Math.ceil((pixel - start) / stride)));
  return [place(from), place(to)];
}
