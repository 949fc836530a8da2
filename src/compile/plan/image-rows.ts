import type { Tensor } from '../../tensor/index.js';
import { imageShape } from '../../tensor/index.js';
import type { Block } from '../emitter.js';

/** Rows of an image that a tile of Winograd's convolution computes at once; see `blocked/winograd.ts`. */
export const PHASES = 4;

/** Products that such a tile takes in place of 12. */
export const POINTS = 6;

/** A blocked image as rows of pixels: `batch · blocks · height` of them, `width · block` numbers each. */
export interface ImageRows {
  readonly batch: number;
  readonly blocks: number;
  readonly height: number;
  readonly width: number;
  readonly block: Block;
}

/** The rows of an image whose channels fill blocks. */
export function rowsOf(image: Tensor, block: Block): ImageRows {
  const [batch, channels, height, width] = imageShape(image, 'convolution');
  return { batch, blocks: channels / block, height, width, block };
}

/** How many tiles of {@link PHASES} rows cover the height; the last may be partly beyond it. */
export const tilesOf = ({ height }: ImageRows): number => Math.ceil(height / PHASES);
