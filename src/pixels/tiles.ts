import { RevelaError } from '../errors.js';
import { reflectIndex } from './edges.js';
import { type PictureValues, rowOf } from './stored-values.js';

/** A rectangle of whole pixels; `x` and `y` are its left and top edges. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One tile: what the network sees, and which part of its answer goes where. */
export interface Tile {
  /** In the picture; it may reach over its edges, where the picture is mirrored. */
  readonly input: Rect;
  /** In the tile: the part whose values do not depend on where the tile was cut. */
  readonly crop: Rect;
  /** In the picture; of the size of `crop`. */
  readonly output: Rect;
}

/** The tiles of a picture; see {@link planTiles}. */
export interface TilePlan {
  /** The picture with its border, after reflection at the right and the bottom. */
  readonly padded: { readonly width: number; readonly height: number };
  /** The size of every tile's input. */
  readonly tile: { readonly width: number; readonly height: number };
  readonly tiles: readonly Tile[];
}

/** What {@link planTiles} needs to know. */
export interface TileRequest {
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** The largest side of a tile; rounded down to a multiple of `multiple`. */
  readonly tile: number;
  /** Pixels of context at a cut: at least as far as the network sees. */
  readonly margin: number;
  /** Pixels by which the picture is mirrored on all sides; what is computed there is thrown away. Default 0. */
  readonly border?: number;
  /** The network takes sizes, and repeats itself in positions, of multiples of this. */
  readonly multiple: number;
  /**
   * To which side, a multiple of `multiple`, pictures and their tiles are mirrored up, see {@link tileSize}; default: to the next
   * multiple. A longer one is given up where the network does not see as far.
   */
  readonly sideFor?: (side: number, multiple: number) => number;
}

const nextMultiple = (side: number, multiple: number): number => Math.ceil(side / multiple) * multiple;

/**
 * Cuts a picture into overlapping tiles of one size, so that a network that sees no further than `margin` gives
 * the same values tile by tile as on the whole padded picture.
 *
 * - The picture is padded by reflection at the right and the bottom to multiples of `multiple`, or as `sideFor` says; the
 *   whole picture would be padded alike.
 * - Tiles begin at multiples of `multiple`, and the last tile of a line ends at the edge of the padded picture:
 *   it is moved inwards rather than made smaller. So what the network does at a border (it pads with zeros) it
 *   does where the untiled picture has its border, and there a tile needs no margin.
 * - Neighbours overlap by at least `2 · margin`, and the cut between them is in the middle of the overlap, so that
 *   each side has at least `margin` pixels of context at the cut.
 * - The output rectangles cover each pixel of the picture once.
 *
 * @throws RevelaError if a tile is too small for its margins
 *
 * @example
 * const plan = planTiles({ width: 6000, height: 4000, tile: 512, margin: 58, multiple: 2 });
 * for (const tile of plan.tiles) {
 *   const input = extractTile(picture.data, 3, 4000, 6000, tile.input);
 *   placeTile(result, 3, 4000, 6000, await network(input), tile);
 * }
 */
export function planTiles(request: TileRequest): TilePlan {
  const { width, height, border = 0 } = request;
  const across = withoutBorder(planLine(width + 2 * border, request), width, border);
  const down = withoutBorder(planLine(height + 2 * border, request), height, border);
  const tiles: Tile[] = [];
  for (const row of down.spans) {
    for (const column of across.spans) {
      const size = { width: column.end - column.start, height: row.end - row.start };
      tiles.push({
        input: { x: column.origin, y: row.origin, width: across.tile, height: down.tile },
        crop: { x: column.start - column.origin, y: row.start - row.origin, ...size },
        output: { x: column.start, y: row.start, ...size },
      });
    }
  }
  return {
    padded: { width: across.padded, height: down.padded },
    tile: { width: across.tile, height: down.tile },
    tiles,
  };
}

/** A tile begins at `origin` and answers for `[start, end)`. */
interface Span {
  readonly origin: number;
  readonly start: number;
  readonly end: number;
}

/** The tiles of a line of pixels. */
interface Line {
  readonly padded: number;
  readonly tile: number;
  readonly spans: readonly Span[];
}

/** The same line counted from the picture's first pixel; nobody answers for the border. */
function withoutBorder(line: Line, size: number, border: number): Line {
  const inside = (position: number): number => Math.min(size, Math.max(0, position - border));
  const spans = line.spans.map(({ origin, start, end }) => ({
    origin: origin - border,
    start: inside(start),
    end: inside(end),
  }));
  return { ...line, spans: spans.filter(({ start, end }) => end > start) };
}

/** The side of tiles for a line of pixels, and how long the line is with what is mirrored behind it. */
function lengthsOf(
  size: number,
  { tile: largest, margin, multiple, sideFor = nextMultiple }: TileRequest,
): { readonly tile: number; readonly padded: number } {
  const most = Math.floor(largest / multiple) * multiple;
  const whole = sideFor(size, multiple);
  if (whole <= most) return { tile: whole, padded: whole };
  // Nothing sees further than the margin: what would lie behind it may be left out, and be there.
  const padded = Math.min(whole, nextMultiple(size + margin, multiple));
  return { tile: most, padded: Math.max(padded, most) };
}

/** Sides of tiles are made smaller in such steps: few sides, for each of which there is a program. */
const SIDES_APART = 32;

/** How many tiles of a side a line takes; no number where they are too small for their margins. */
function countOf(padded: number, tile: number, { margin, multiple }: TileRequest): number {
  // The largest step that leaves an overlap of two margins.
  const step = Math.floor((tile - 2 * margin) / multiple) * multiple;
  if (padded === tile) return 1;
  return step <= 0 ? Number.NaN : Math.ceil((padded - tile) / step) + 1;
}

function planLine(size: number, request: TileRequest): Line {
  const { tile: largest, margin, multiple } = request;
  const lengths = lengthsOf(size, request);
  const { padded } = lengths;
  const count = countOf(padded, lengths.tile, request);
  if (Number.isNaN(count)) {
    throw new RevelaError(
      `a tile of ${largest} pixels is too small for margins of ${margin}; use at least ${Math.ceil((2 * margin) / multiple) * multiple + multiple}`,
    );
  }
  // As many tiles may be smaller, and then less is computed twice.
  const apart = nextMultiple(SIDES_APART, multiple);
  let { tile } = lengths;
  while (count > 1 && countOf(padded, tile - apart, request) === count) tile -= apart;
  const room = padded - tile;
  // Spread evenly: the distance of neighbours is at most `step`, and the last one begins at `room` exactly.
  const places = room / multiple;
  const origins = Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.floor((i * places) / (count - 1)) * multiple,
  );
  const spans: Span[] = [];
  let start = 0;
  for (const [i, origin] of origins.entries()) {
    const next = origins[i + 1];
    const end = next === undefined ? size : Math.min(size, Math.floor((next + origin + tile) / 2));
    if (end > start) spans.push({ origin, start, end });
    start = end;
  }
  return { padded, tile, spans };
}

/** The tile of a result that is `scale` times as high and wide, for {@link placeTile}. */
export function enlargedTile({ input, crop, output }: Tile, scale: number): Tile {
  const enlarged = ({ x, y, width, height }: Rect): Rect => ({
    x: x * scale,
    y: y * scale,
    width: width * scale,
    height: height * scale,
  });
  return { input: enlarged(input), crop: enlarged(crop), output: enlarged(output) };
}

/** The tile without what of its input reaches over the edges of a picture of that size. */
export function tileInside({ input, crop, output }: Tile, width: number, height: number): Tile {
  const [x, y] = [Math.max(0, input.x), Math.max(0, input.y)];
  const inside = {
    x,
    y,
    width: Math.min(width, input.x + input.width) - x,
    height: Math.min(height, input.y + input.height) - y,
  };
  return { input: inside, crop: { ...crop, x: output.x - x, y: output.y - y }, output };
}

/**
 * Copies a rectangle out of the planes `[channels, height, width]` of a picture into planes of its own. Where it reaches beyond the
 * picture, it is filled by reflection.
 */
export function extractTile(
  planar: PictureValues,
  channels: number,
  height: number,
  width: number,
  { x, y, width: tileWidth, height: tileHeight }: Rect,
): Float32Array {
  const tile = new Float32Array(channels * tileHeight * tileWidth);
  const first = Math.min(tileWidth, Math.max(0, -x));
  const last = Math.max(first, Math.min(tileWidth, width - x));
  const inside = first === 0 && last === tileWidth;
  const part = inside ? { x, length: tileWidth } : { x: 0, length: width };
  const read = new Float32Array(part.length);
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < tileHeight; row++) {
      const line = rowOf(planar, { width, height }, channel, reflectIndex(y + row, height), read, part);
      tile.set(line.subarray(x + first - part.x, x + last - part.x), to + first);
      for (let i = 0; i < first; i++) tile[to + i] = line[reflectIndex(x + i, width)] ?? 0;
      for (let i = last; i < tileWidth; i++) tile[to + i] = line[reflectIndex(x + i, width)] ?? 0;
      to += tileWidth;
    }
  }
  return tile;
}

/** Copies the crop of a tile's answer `[channels, tile height, tile width]` to its place in `[channels, height, width]`. */
export function placeTile(
  planar: Float32Array,
  channels: number,
  height: number,
  width: number,
  answer: Float32Array,
  { input, crop, output }: Tile,
): void {
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < crop.height; row++) {
      const from = (channel * input.height + crop.y + row) * input.width + crop.x;
      const to = (channel * height + output.y + row) * width + output.x;
      planar.set(answer.subarray(from, from + crop.width), to);
    }
  }
}
