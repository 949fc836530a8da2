import { type Command, InvalidArgumentError } from 'commander';
import type { PictureSearch, Shard } from '../../api/index.js';
import { counted } from '../terminal/wording.js';
import { addOption } from './options.js';

/** The option of commands that can share many pictures out among processes. */
export interface ShardFlags {
  readonly shard?: Shard;
}

/** Adds the option of {@link ShardFlags}. */
export function addShardOption(command: Command): Command {
  return addOption(command, '--shard <I/N>', 'do the Ith of N shares of the pictures (default: all)', {
    parse: shardIn,
  });
}

/** Reads `2/4`. */
function shardIn(text: string): Shard {
  const [, index = '', count = ''] = /^(\d{1,7})\/(\d{1,7})$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new InvalidArgumentError('Expected I/N with I from 1 to N, such as 2/4');
}

/** `Share 2 of 4: 13 of 50 pictures`. */
export function shardText({ index, count }: Shard, own: number, { pictures }: PictureSearch): string {
  return `Share ${index} of ${count}: ${own} of ${counted(pictures.length, 'picture')}`;
}
