import { disposable } from '../belongings.js';
import { bindInputs } from '../compile/index.js';
import type { Placement } from '../denoise/index.js';
import { RevelaError } from '../errors.js';
import { sharedFloats } from '../in-thread.js';
import {
  enlargedTile,
  extractTile,
  type LeanPicture,
  planTiles,
  type Rect,
  type Tile,
  tileSize,
} from '../pixels/index.js';
import type { RunResult, Runtime } from '../runtime/index.js';
import type { Program, TensorValue } from '../tensor/index.js';
import { placeAnswerAside } from './place-answer.js';
import { tileSideFor } from './tile-side.js';

/** What makes a picture of a picture, for any size, and what one must know to do it piece by piece. */
export interface PictureProgram {
  /**
   * The program for pictures of a size, in multiples of `multiple`: its input `picture` is `[1, 3, height, width]`, its
   * output `result` `[1, 3, height · scale, width · scale]`, both red, green, blue in `[0, 1]`.
   */
  trace(size: { readonly height: number; readonly width: number }): Program;
  readonly picture: string;
  readonly result: string;
  /** Numbers of the inputs that are the same for every picture. */
  readonly constants: Readonly<Record<string, TensorValue>>;
  /** Numbers of all other inputs, as a pure function of the place, so that tiles agree where they overlap. */
  draw?(place: Placement): Readonly<Record<string, TensorValue>>;
  readonly scale: number;
  readonly multiple: number;
  /** Pixels of context that a pixel of the result depends on. */
  readonly margin: number;
  /** Pixels by which the picture is mirrored on all sides. */
  readonly border: number;
}

/** How {@link applyInTiles} does it. */
export interface TileChoices {
  /** Largest side of a tile, in pixels of the picture. Default: by what memory a pixel takes. */
  readonly tile?: number;
  /** How many times as large the result is to be, at most as what the program makes; the rest is resampled away. Default: the same. */
  readonly scale?: number;
}

/** Where work on a picture stands. */
export interface TileProgress {
  readonly tile: number;
  readonly tiles: number;
}

/** Who listens to work on a picture, and may stop it. */
export interface TileListener {
  onTile?: (progress: TileProgress) => void;
  /** Told of the part of the result that a tile has filled; its planes are to be read at once. */
  onArea?: (area: Rect, planes: Float32Array) => void;
  signal?: AbortSignal;
}

/** Numbers of inputs. */
type Given = Readonly<Record<string, TensorValue>>;

/** A program that is ready for pictures of any size. */
export interface TiledProgram extends AsyncDisposable {
  /**
   * The planes of the result, as many as the picture has: `[channels, height · scale, width · scale]`.
   *
   * @param given numbers of the inputs that go with this picture
   */
  apply(picture: LeanPicture, listener?: TileListener, given?: Given): Promise<Float32Array>;
  close(): Promise<void>;
}

/** After so many tiles the time that a program takes to be made again does not count, and the memory that it holds does. */
const MANY_TILES = 6;

/** A grey tile three times over, as the networks expect; colour as it is. */
function toColour(tile: Float32Array, channels: 1 | 3): Float32Array {
  if (channels === 3) return tile;
  const colour = new Float32Array(tile.length * 3);
  for (let c = 0; c < 3; c++) colour.set(tile, c * tile.length);
  return colour;
}

/** Prepares a program for pictures of any size, which are worked on tile by tile, without seams. */
export function applyInTiles(
  runtime: Runtime,
  program: PictureProgram,
  { tile: largest, scale = program.scale }: TileChoices = {},
): TiledProgram {
  const { multiple, border } = program;
  const resamples = scale !== program.scale;
  // The kernel of the resampling reaches two pixels of the result.
  const margin = program.margin + (resamples ? Math.ceil(2 / scale) : 0);
  const tile = Math.max(largest ?? tileSideFor(program), 2 * margin + 2 * multiple);
  const shelf = runtime.shelf({ optimization: 'inference' });
  return disposable({
    async apply(picture: LeanPicture, { onTile, onArea, signal }: TileListener = {}, given: Given = {}) {
      const { width, height, channels } = picture;
      const plan = planTiles({ width, height, tile, margin, multiple, border, sideFor: tileSize });
      const result = sharedFloats(channels * height * scale * width * scale);
      const begin = (piece: Tile): Promise<RunResult> => {
        const data = toColour(extractTile(picture.data, channels, height, width, piece.input), channels);
        const place = { batch: 1, ...plan.tile, top: piece.input.y, left: piece.input.x };
        const shape = [1, 3, plan.tile.height, plan.tile.width];
        const feeds = {
          [program.picture]: { data, shape, dtype: 'float32' } satisfies TensorValue,
          ...program.draw?.(place),
          // Feeds are handed over: each tile has its own.
          ...Object.fromEntries(
            Object.entries(given).map(([name, value]) => [name, { ...value, data: value.data.slice() }]),
          ),
        };
        const write = (): Program => bindInputs(program.trace(plan.tile), program.constants);
        return shelf.run(shape.join('×'), write, feeds, { signal, transfer: true });
      };
      const end = async (tile: Tile, { fetched }: RunResult): Promise<void> => {
        const colour = fetched[program.result]?.data;
        const place = { picture: { channels, width, height }, tile, from: program.scale, to: scale };
        if (!(colour instanceof Float32Array) || !(await placeAnswerAside(colour, result, place)))
          throw new RevelaError(
            'the network produced numbers that are no picture (NaN); train it again or use other weights',
          );
      };
      const { tiles } = plan;
      // While the network looks at a tile, the next one is cut and the one before is put to its place.
      let next = tiles[0] === undefined ? undefined : begin(tiles[0]);
      for (const [index, piece] of tiles.entries()) {
        const running = next;
        const following = tiles[index + 1];
        next = following === undefined ? undefined : begin(following);
        next?.catch(() => undefined);
        if (running !== undefined) await end(piece, await running);
        onArea?.(enlargedTile(piece, scale).output, result);
        onTile?.({ tile: index + 1, tiles: tiles.length });
        signal?.throwIfAborted();
      }
      if (tiles.length >= MANY_TILES) await shelf.trim();
      return result;
    },
    close: () => shelf.close(),
  });
}
