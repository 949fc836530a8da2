import type { Emitter } from '../emitter.js';
import { type ImageRows, PHASES, tilesOf } from '../plan/image-rows.js';

/** Where the row y of a block of channels lies; `n` counts the images of the batch. */
type Place = (n: number, slab: number, y: number) => number;

const placeIn: Readonly<Record<'blocked' | 'phased', (rows: ImageRows) => Place>> = {
  blocked:
    ({ blocks, height }) =>
    (n, slab, y) =>
      (n * blocks + slab) * height + y,
  phased: (rows) => (n, slab, y) =>
    ((n * PHASES + (y % PHASES)) * rows.blocks + slab) * tilesOf(rows) + Math.floor(y / PHASES),
};

/** The shape of a phased value. */
const phasedShape = (rows: ImageRows): readonly [number, number, number] => [
  rows.batch,
  PHASES,
  rows.blocks * tilesOf(rows) * rows.width * rows.block,
];

/** How many rows a form has: a phased one also those beyond the height, whatever they hold. */
const rowCount: Readonly<Record<'blocked' | 'phased', (rows: ImageRows) => number>> = {
  blocked: ({ batch, blocks, height }) => batch * blocks * height,
  phased: (rows) => rows.batch * PHASES * rows.blocks * tilesOf(rows),
};

const keyOf = ({ batch, blocks, height }: ImageRows): string => `${batch} ${blocks} ${height}`;

/** The image as a matrix of its rows, whichever form it has. */
function asMatrix(x: string, form: 'blocked' | 'phased', rows: ImageRows, emit: Emitter): string {
  return emit.reshape(x, [rowCount[form](rows), rows.width * rows.block]);
}

/** Rows in the order `[batch, parts, blocks, tiles]`, where `rowOf` names the row of the image, or undefined for zeros. */
function tiledTable(
  rows: ImageRows,
  form: 'blocked' | 'phased',
  parts: number,
  rowOf: (part: number, tile: number) => number | undefined,
): Int32Array {
  const [place, tiles] = [placeIn[form](rows), tilesOf(rows)];
  const zeros = rowCount[form](rows);
  const table = new Int32Array(rows.batch * parts * rows.blocks * tiles);
  let i = 0;
  for (let n = 0; n < rows.batch; n++)
    for (let part = 0; part < parts; part++)
      for (let slab = 0; slab < rows.blocks; slab++)
        for (let tile = 0; tile < tiles; tile++) {
          const y = rowOf(part, tile);
          table[i++] = y === undefined ? zeros : place(n, slab, y);
        }
  return table;
}

/** From blocked to phased. */
export function phasedFromBlocked(x: string, rows: ImageRows, emit: Emitter): string {
  const table = emit.table(`phased ${keyOf(rows)}`, () =>
    // Rows beyond the last are never looked at; they repeat it.
    tiledTable(rows, 'blocked', PHASES, (phase, tile) => Math.min(PHASES * tile + phase, rows.height - 1)),
  );
  const gathered = emit.node('Gather', [asMatrix(x, 'blocked', rows, emit), table], { axis: 0 });
  return emit.reshape(gathered, phasedShape(rows));
}

/** From phased to blocked. */
export function blockedFromPhased(x: string, rows: ImageRows, emit: Emitter): string {
  const { batch, blocks, height, width, block } = rows;
  const table = emit.table(`rows of phased ${keyOf(rows)}`, () => {
    const place = placeIn.phased(rows);
    return Int32Array.from({ length: rowCount.blocked(rows) }, (_, i) => {
      const slab = Math.floor(i / height);
      return place(Math.floor(slab / blocks), slab % blocks, i % height);
    });
  });
  const gathered = emit.node('Gather', [asMatrix(x, 'phased', rows, emit), table], { axis: 0 });
  return emit.reshape(gathered, [batch, blocks * block, height, width]);
}

/**
 * The rows that each tile of a convolution of three rows needs: `[batch, PHASES + 2, blocks · tiles · width · block]`, the
 * one above the tile, its own, and the one below; outside of the image zeros.
 */
export function rowsOfTiles(x: string, form: 'blocked' | 'phased', rows: ImageRows, emit: Emitter): string {
  const { batch, blocks, height, width, block } = rows;
  const [seen, length] = [PHASES + 2, width * block];
  const table = emit.table(`tiles of ${form} ${keyOf(rows)}`, () =>
    tiledTable(rows, form, seen, (part, tile) => {
      const y = PHASES * tile + part - 1;
      return y < 0 || y >= height ? undefined : y;
    }),
  );
  const zeros = emit.floatTable(`row of ${length} zeros`, [1, length], () => new Float32Array(length));
  const withZeros = emit.node('Concat', [asMatrix(x, form, rows, emit), zeros], { axis: 0 });
  const gathered = emit.node('Gather', [withZeros, table], { axis: 0 });
  return emit.reshape(gathered, [batch, seen, blocks * tilesOf(rows) * length]);
}
