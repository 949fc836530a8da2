import { note } from './log.js';
import type { Item } from './queue.js';
import { isOfFile, troubleOf } from './troubles.js';

/** A picture on which work went wrong; of a file that is at fault itself nothing more is tried. */
export function fail(item: Item, error: unknown): void {
  note(`picture ${item.number}: ${error instanceof Error ? error.message : String(error)}`);
  Object.assign(item, {
    state: 'failed',
    trouble: troubleOf(error, item.file.name),
    progress: undefined,
    hopeless: isOfFile(error),
  });
}
