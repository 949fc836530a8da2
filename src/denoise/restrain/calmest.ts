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
  members: Int32Array = Int32Array.from(brightness, (_, place) => place),
): (level: number) => number {
  members.sort((a, b) => (brightness[a] ?? 0) - (brightness[b] ?? 0));
  const count = Math.min(classes, members.length, Math.max(1, Math.floor(members.length / places)));
  return throughPoints(
    Array.from({ length: count }, (_, c) => {
      const part = members.subarray(
        Math.floor((c * members.length) / count),
        Math.floor(((c + 1) * members.length) / count),
      );
      const found = Float32Array.from(part, (place) => values[place] ?? 0).sort();
      return {
        level: brightness[part[part.length >> 1] ?? 0] ?? 0,
        value: found[Math.floor(found.length * share)] ?? 0,
      };
    }),
  );
}
