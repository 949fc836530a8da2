import { throughPoints } from './through-points.js';

/** How the calmest places of each brightness are found. */
export interface CalmestOptions {
  /** Brightness classes, at most. */
  readonly classes: number;
  /** The places that make up a class, at least. */
  readonly places?: number;
  /** So many of the places of a class count as its calmest: the share of them, 0 to 1. */
  readonly share: number;
}

/**
 * The most that the calmest places of a brightness have, as a function of brightness.
 *
 * @param members numbers of the places, which are put into the order of their brightness; default: all
 */
export function calmestByBrightness(
  brightness: Float32Array,
  values: Float32Array,
  { classes, places = 1, share }: CalmestOptions,
  members: Int32Array = everyPlace(brightness.length),
): (level: number) => number {
  orderByBrightness(members, brightness);
  const count = Math.min(classes, members.length, Math.max(1, Math.floor(members.length / places)));
  return throughPoints(
    Array.from({ length: count }, (_, c) => {
      const part = members.subarray(
        Math.floor((c * members.length) / count),
        Math.floor(((c + 1) * members.length) / count),
      );
      const found = new Float32Array(part.length).map((_, i) => values[part[i] ?? 0] ?? 0).sort();
      return {
        level: brightness[part[part.length >> 1] ?? 0] ?? 0,
        value: found[Math.floor(found.length * share)] ?? 0,
      };
    }),
  );
}

function everyPlace(count: number): Int32Array {
  const places = new Int32Array(count);
  for (let i = 0; i < count; i++) places[i] = i;
  return places;
}

/**
 * Puts places into the order of their brightness, and those of the same into the order of their numbers. The bits of a brightness
 * that is not negative go up with it, those of a negative one down: above the number of the place they make one number of 64 bits.
 * Such are sorted where they lie, in a tenth of the time and memory that a function which compares would take.
 */
function orderByBrightness(places: Int32Array, brightness: Float32Array): void {
  const bits = new Int32Array(brightness.buffer, brightness.byteOffset, brightness.length);
  const keys = new BigUint64Array(places.length);
  const halves = new Uint32Array(keys.buffer);
  for (let i = 0; i < places.length; i++) {
    const place = places[i] ?? 0;
    const level = bits[place] ?? 0;
    halves[2 * i] = place;
    halves[2 * i + 1] = level < 0 ? ~level : level ^ (1 << 31);
  }
  keys.sort();
  for (let i = 0; i < places.length; i++) places[i] = halves[2 * i] ?? 0;
}
