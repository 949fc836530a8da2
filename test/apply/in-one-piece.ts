import { bindInputs } from '#src/compile/index.js';
import { enlargedTile, extractTile, type Picture, placeTile, planTiles } from '#src/images/index.js';
import type { PictureProgram } from '#src/apply/apply-in-tiles.js';
import type { Runtime } from '#src/runtime/index.js';

/**
 * What a program makes of a whole picture that is mirrored up to the next multiple and no further: what an exported model says.
 * The library mirrors further, to one of few sizes; see `tileSize`.
 */
export async function inOnePiece(
  runtime: Runtime,
  program: PictureProgram,
  { data, width, height }: Picture,
): Promise<Float32Array> {
  const { margin, multiple, border, scale } = program;
  const { tile, tiles } = planTiles({ width, height, tile: 4096, margin, multiple, border });
  const [piece] = tiles;
  if (piece === undefined || tiles.length > 1) throw new RangeError('the picture is larger than one tile');
  await using executable = await runtime.load(bindInputs(program.trace(tile), program.constants));
  const picture = extractTile(data, 3, height, width, piece.input);
  const { fetched } = await executable.run({
    [program.picture]: { data: picture, shape: [1, 3, tile.height, tile.width], dtype: 'float32' },
    ...program.draw?.({ batch: 1, ...tile, top: piece.input.y, left: piece.input.x }),
  });
  const answer = Float32Array.from(fetched[program.result]?.data ?? [], Number);
  const result = new Float32Array(3 * height * width * scale ** 2);
  placeTile(result, 3, height * scale, width * scale, answer, enlargedTile(piece, scale));
  return result;
}
