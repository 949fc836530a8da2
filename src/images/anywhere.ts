// What of this room runs on any platform.
export {
  type BatchOptions,
  checkWhole,
  noPictures,
  type SettledBatchOptions,
  settleBatchOptions,
} from './batch-options.js';
export { createPatchSource, type PatchSource } from './patch-source.js';
export { openShelf, type ShelfContents } from './picture-shelf.js';
export { pictureSize } from '#images/picture-files';
