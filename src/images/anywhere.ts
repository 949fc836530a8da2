// What of this room runs on any platform.

export { pictureSize } from '#images/picture-files';
export {
  type BatchOptions,
  checkWhole,
  noPictures,
  type SettledBatchOptions,
  settleBatchOptions,
} from './batch-options.js';
export { type Capture, captureFacts } from './capture-time.js';
export { exifStructure, resizedExif, smallerExif, uprightExif } from './exif.js';
export { joined } from './exif-directory.js';
export { type Glance, glanceSide, likeness } from './likeness.js';
export { isOrientation, type Orientation, orientationOf, swapsSides, turned } from './orientation.js';
export { createPatchSource, type PatchSource } from './patch-source.js';
export { openShelf, type ShelfContents } from './picture-shelf.js';
export { exifOfTiff, iccOfTiff } from './tiff-fields.js';
