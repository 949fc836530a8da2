import type { Random } from '../random.js';

/** A lower and an upper bound. */
export type Range = readonly [least: number, most: number];

/** Uniform between the bounds. */
export function between(random: Random, [least, most]: Range): number {
  return least + (most - least) * random.uniform();
}

/** One of a list, all alike. */
export function oneOf<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[random.integer(items.length)] ?? items[0];
}

/** A key of the table, in proportion to its value. */
export function keyByWeight<Key extends string>(random: Random, weights: Readonly<Record<Key, number>>): Key {
  const keys = keysOf(weights);
  const total = keys.reduce((sum, key) => sum + weights[key], 0);
  let place = random.uniform() * total;
  for (const key of keys) {
    place -= weights[key];
    if (place < 0) return key;
  }
  const last = keys.findLast((key) => weights[key] > 0);
  if (last === undefined) throw new RangeError('nothing to draw: all weights are 0');
  return last; // rounding kept the place from falling below 0
}

function keysOf<Key extends string>(table: Readonly<Record<Key, number>>): Key[] {
  const isKey = (key: string): key is Key => key in table;
  return Object.keys(table).filter(isKey);
}

/** True with a probability. */
export function happens(random: Random, probability: number): boolean {
  return random.uniform() < probability;
}
