import { disposable } from '../../belongings.js';
import { RevelaError } from '../../errors.js';
import { enlargedTile, extractTile, placeTile, planTiles, type Tile } from '../../images/index.js';
import { CLIP_STRIDE, clipFeatureWidth } from '../../networks/index.js';
import { coverageOf, type Grid, reachOfLook, type SfdTermName, sfdTermNames } from '../../quality/index.js';
import type { Runtime } from '../../runtime/index.js';
import type { Program, TensorValue } from '../../tensor/index.js';
import { release, upload } from '../../training/index.js';
import { type Planes, resize } from '../../pixels/index.js';
import {
  type Critic,
  criticConstants,
  looksAtTiles,
  outlineOf,
  positionsASquare,
  type Squares,
  tileProgram,
  verdictProgram,
} from './critic-programs.js';
import { inTurns } from '../../apply/index.js';
import { present } from '../../present.js';

/** What a critic thinks of a picture. */
export interface Verdict {
  readonly score: number;
  readonly terms: Readonly<Partial<Record<SfdTermName, number>>>;
  /** Feat-D's logits of each layer, in their order; of the picture and its padding. */
  readonly logits: readonly Grid[];
  /** What the prompts say of each square of what they see, in [0, 1]; where it was asked for. */
  readonly places?: Grid;
  /** The quality of places, where it is known at once. */
  readonly shown?: Grid;
  /** How many squares of 32 pixels the picture is high and wide, without its padding. */
  readonly down: number;
  readonly across: number;
}

/** A critic on its device. */
export interface SeatedCritic extends AsyncDisposable {
  /**
   * @param planes red, green and blue in [0, 1]
   * @param places whether it is to say what the prompts see in each place
   */
  judge(planes: Planes, places: boolean, signal?: AbortSignal): Promise<Verdict>;
  close(): Promise<void>;
}

/** How a critic works. */
export interface SeatingOptions {
  /** Largest side of a tile, a multiple of 32. What is seen does not depend on it. */
  readonly tile: number;
  readonly signal?: AbortSignal;
}

/** What is seen of a whole picture, tile by tile. */
interface Sight {
  readonly logits: readonly Grid[];
  readonly layer4?: TensorValue;
}

const floats = (value: TensorValue | undefined, what: string): Float32Array => {
  if (!(value?.data instanceof Float32Array)) throw new RangeError(`the critic gave no ${what}`);
  return value.data;
};

/** The one number of an output. */
function numberIn(value: TensorValue | undefined, what: string): number {
  const [number = Number.NaN] = floats(value, what);
  if (!Number.isFinite(number))
    throw new RevelaError(
      'the networks gave a score that is not a number; train the discriminators again or take other weights',
    );
  return number;
}

/**
 * Puts a critic on a device. Pictures are padded by reflection at the right and the bottom to whole squares of 32 pixels, and
 * seen in tiles that overlap by as much as the networks look around: what is seen is what one pass over the whole
 * picture would show. What depends on all of it, CLIP's attention pool, looks at the tiles' features together.
 */
export async function seatCritic(
  runtime: Runtime,
  whole: Critic,
  { tile, signal: always }: SeatingOptions,
): Promise<SeatedCritic> {
  const held = await upload(runtime, criticConstants(whole));
  const critic = outlineOf(whole);
  const embeds = looksAtTiles(critic);
  const resizes = critic.directions !== undefined && !embeds;
  const { image_resolution: own } = critic.config.clip;
  const sides = positionsASquare(critic);
  const margin = Math.ceil(reachOfLook(critic.config, embeds) / CLIP_STRIDE);
  const largest = Math.max(Math.floor(tile / CLIP_STRIDE), 2 * margin + 2);
  const shelf = runtime.shelf();

  const run = async (
    key: string,
    write: () => Program,
    fed: Readonly<Record<string, TensorValue>>,
    signal: AbortSignal | undefined,
  ) => {
    const { fetched } = await shelf.run(key, write, { ...held, ...fed }, { signal });
    return fetched;
  };

  const look = async (
    { width, height, data }: Planes,
    { rows, columns }: Squares,
    signal: AbortSignal | undefined,
  ): Promise<Sight> => {
    const plan = planTiles({ width: columns, height: rows, tile: largest, margin, multiple: 1 });
    const size: Squares = { rows: plan.tile.height, columns: plan.tile.width };
    const logits = sides.map((side) => emptyGrid({ rows: rows * side, columns: columns * side }));
    const depth = embeds ? clipFeatureWidth(critic.config.clip) : 0;
    const layer4 = new Float32Array(depth * rows * columns);
    for (const piece of plan.tiles) {
      signal?.throwIfAborted();
      const { input } = enlargedTile(piece, CLIP_STRIDE);
      const picture: TensorValue = {
        data: extractTile(data, 3, height, width, input),
        shape: [1, 3, input.height, input.width],
        dtype: 'float32',
      };
      const key = `tile ${size.rows}×${size.columns}`;
      const seen = await run(key, () => tileProgram(critic, size), { picture }, signal);
      for (const [layer, grid] of logits.entries())
        place(grid, 1, floats(seen[`logits/${layer}`], 'logits'), enlargedTile(piece, sides[layer] ?? 1));
      if (embeds) place({ rows, columns, data: layer4 }, depth, floats(seen['layer4'], 'features'), piece);
    }
    return embeds
      ? { logits, layer4: { data: layer4, shape: [1, depth, rows, columns], dtype: 'float32' } }
      : { logits };
  };

  /** The squares that the prompts look at. */
  const squaresSeen = (squares: Squares): Squares =>
    resizes ? { rows: own / CLIP_STRIDE, columns: own / CLIP_STRIDE } : squares;

  const judge = async (planes: Planes, places: boolean, signal = always): Promise<Verdict> => {
    const [down, across] = [planes.height / CLIP_STRIDE, planes.width / CLIP_STRIDE];
    const squares: Squares = { rows: Math.ceil(down), columns: Math.ceil(across) };
    const { logits, layer4 } = await look(planes, squares, signal);
    const fed: Record<string, TensorValue> = present({ layer4 });
    if (resizes) {
      const { data } = resize(planes, { width: own, height: own }, 'bilinear');
      fed['resized'] = { data, shape: [1, 3, own, own], dtype: 'float32' };
    }
    for (const [layer, grid] of logits.entries()) {
      const side = sides[layer] ?? 1;
      const shape = [1, 1, grid.rows, grid.columns];
      fed[`logits/${layer}`] = { data: grid.data, shape, dtype: 'float32' };
      fed[`coverage/${layer}`] = {
        data: coverageOf(grid, down * side, across * side),
        shape,
        dtype: 'float32',
      };
    }
    const key = `verdict ${squares.rows}×${squares.columns}${places ? ' and places' : ''}`;
    const said = await run(key, () => verdictProgram(critic, squares, places), fed, signal);
    const terms = sfdTermNames.flatMap((name) => {
      const value = said[`term/${name}`];
      return value === undefined ? [] : [[name, numberIn(value, name)] as const];
    });
    return {
      score: numberIn(said['score'], 'score'),
      terms: Object.fromEntries(terms),
      logits,
      ...{ down, across },
      ...present({
        places: said['places'] && { ...squaresSeen(squares), data: floats(said['places'], 'places') },
      }),
    };
  };

  const turns = inTurns();
  return disposable({
    judge: (planes: Planes, places: boolean, signal?: AbortSignal) =>
      turns.take(() => judge(planes, places, signal), signal),
    async close() {
      await turns.over();
      await shelf.close();
      release(held);
    },
  });
}

const emptyGrid = ({ rows, columns }: Squares): Grid => ({
  rows,
  columns,
  data: new Float32Array(rows * columns),
});

/** Puts what was seen of a tile to its place. */
function place({ rows, columns, data }: Grid, depth: number, seen: Float32Array, tile: Tile): void {
  placeTile(data, depth, rows, columns, seen, tile);
}
