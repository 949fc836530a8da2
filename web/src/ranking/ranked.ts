import type { CompareName } from 'revela/web';
import type { Item, Queue } from '../queue.js';
import { type Place, placesInBursts } from './bursts.js';

/** What pictures are ranked by, and what is shown beside it. */
export type Column = 'revela' | 'niqe' | CompareName;

/** A picture in the ranking. */
export interface Ranked {
  readonly item: Item;
  /** 1 is the best; equals share a rank. */
  readonly rank: number;
  readonly values: readonly (number | undefined)[];
  readonly burst: Place | undefined;
}

/** Pictures in their order, the best first. */
export interface Ranking {
  readonly columns: readonly Column[];
  readonly rows: readonly Ranked[];
}

const goodness = ({ state, found }: Item): number | undefined => {
  if (state !== 'done') return undefined;
  if (found?.kind === 'score') return found.score;
  return found?.kind === 'compare' ? found.facts.psnr : undefined;
};

/** Ranks what was scored or compared. */
export function rankingOf({ items }: Queue, task: 'score' | 'compare'): Ranking {
  const known: readonly Column[] =
    task === 'score' ? ['revela', 'niqe'] : ['psnr', 'ssim', 'ms-ssim', 'lpips'];
  // What none of them was measured by, as they are too small for it, has no column.
  const columns = known.filter((column) => items.some((item) => valueIn(item, column) !== undefined));
  const judged = items.flatMap((item) => {
    const good = goodness(item);
    return good === undefined ? [] : [{ item, good }];
  });
  const places = task === 'score' ? placesInBursts(items, goodness) : new Map<Item, Place>();
  const rows = judged
    .toSorted((a, b) => b.good - a.good)
    .map(({ item, good }) => ({
      item,
      rank: 1 + judged.filter((other) => other.good > good).length,
      values: columns.map((column) => valueIn(item, column)),
      burst: places.get(item),
    }));
  return { columns, rows };
}

function valueIn({ found }: Item, column: Column): number | undefined {
  if (found?.kind === 'score') {
    if (column === 'revela') return found.score;
    return column === 'niqe' ? found.niqe : undefined;
  }
  if (found?.kind !== 'compare' || column === 'revela' || column === 'niqe') return undefined;
  return found.facts[column];
}

/** A name for a spreadsheet: one that it would run as a formula begins with an apostrophe. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A ranking as a CSV file. */
export function csvOf({ columns, rows }: Ranking): string {
  const bursts = rows.some(({ burst }) => burst !== undefined);
  const head = ['rank', 'picture', ...columns, ...(bursts ? ['burst', 'best'] : [])];
  const lines = rows.map(({ item, rank, values, burst }) => [
    String(rank),
    cell(item.file.name),
    ...values.map((value) => (value === undefined ? '' : String(value))),
    ...(bursts ? [String(burst?.burst ?? ''), burst === undefined ? '' : String(burst.place === 1)] : []),
  ]);
  return [head, ...lines].map((line) => `${line.join(',')}\n`).join('');
}
