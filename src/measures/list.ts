import { brisque } from './brisque/brisque.js';
import { clipIqa } from './clip-iqa/clip-iqa.js';
import { dists } from './dists/dists.js';
import { ilNiqe } from './il-niqe/il-niqe.js';
import { lpipsAlex, lpipsSqueeze, lpipsVgg } from './lpips/lpips.js';
import { niqe } from './niqe/niqe.js';
import { pixelMeasures } from './pixel-measures.js';
import { revela } from './revela/revela.js';
import { sfdIqa } from './sfd-iqa/sfd-iqa.js';

/**
 * Every measure of quality. Adding one is adding its folder and naming it here (of pixels: in `pixel-measures.ts`, for pages too): names, options, help, records, losses and the
 * tables of docs/ are made of this list. The order is that of lists and help.
 */
export const list = [
  revela,
  niqe,
  ilNiqe,
  brisque,
  clipIqa,
  sfdIqa,
  ...pixelMeasures,
  lpipsAlex,
  lpipsVgg,
  lpipsSqueeze,
  dists,
] as const;
