import { groupBursts } from 'revela/web';
import type { Item } from '../queue.js';

/** A picture's place in its burst. */
export interface Place {
  /** Bursts are numbered in the order of their first pictures. */
  readonly burst: number;
  /** From 1, the best, on. */
  readonly place: number;
  readonly count: number;
}

let known = '';
let bursts: readonly (readonly Item[])[] = [];

/** The bursts of several pictures; found again only where there are others. */
function burstsOf(items: readonly Item[]): readonly (readonly Item[])[] {
  const taken = items.flatMap((item) => (item.capture === undefined ? [] : [{ ...item.capture, item }]));
  const key = taken.map(({ item: { number } }) => number).join();
  if (key !== known) {
    known = key;
    bursts = groupBursts(taken)
      .map((burst) => burst.map(({ item }) => item))
      .filter((burst) => burst.length > 1);
  }
  return bursts;
}

/** The places of pictures that were taken in bursts, the best first; of equals, the one that was taken first. */
export function placesInBursts(
  items: readonly Item[],
  goodness: (item: Item) => number | undefined,
): ReadonlyMap<Item, Place> {
  const places = new Map<Item, Place>();
  for (const [index, burst] of burstsOf(items).entries()) {
    const judged = burst.flatMap((item) => {
      const good = goodness(item);
      return good === undefined ? [] : [{ item, good }];
    });
    const ordered = judged.toSorted((a, b) => b.good - a.good);
    if (ordered.length < 2) continue;
    for (const [i, { item }] of ordered.entries())
      places.set(item, { burst: index + 1, place: i + 1, count: ordered.length });
  }
  return places;
}
