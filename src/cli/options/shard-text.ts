import type { PictureSearch, Shard } from '../../api/index.js';
import { counted } from '../terminal/wording.js';

/** `Share 2 of 4: 13 of 50 pictures`. */
export function shardText({ index, count }: Shard, own: number, { pictures }: PictureSearch): string {
  return `Share ${index} of ${count}: ${own} of ${counted(pictures.length, 'picture')}`;
}
