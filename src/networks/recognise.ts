import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import type { Shape } from '../tensor/index.js';
import { networkParameters } from './network-parameters.js';

/** An architecture, and the network of it that a state dict belongs to. */
export interface RecognisedNetwork {
  readonly architecture: Architecture;
  readonly description: NetworkDescription;
}

/**
 * The first of some architectures that knows these shapes, and the size that they have; undefined where none does, or
 * where no network could have that size.
 */
export function recogniseAmong(
  candidates: Readonly<Record<string, Architecture>>,
  shapes: StateDictShapes,
): RecognisedNetwork | undefined {
  const weights = plausible(shapes);
  for (const architecture of Object.values(candidates)) {
    const description = architecture.recognise(weights);
    if (description !== undefined && canBeBuilt(description)) return { architecture, description };
  }
  return undefined;
}

/**
 * The tensors that a network may have: not those without numbers, for a network of width 0 is none, nor those that stand
 * at a place that no network of so many tensors has.
 */
function plausible(shapes: StateDictShapes): StateDictShapes {
  const entries = Object.entries(shapes);
  const last = 4 * entries.length + 64; // places of activations count too
  const isPlausible = ([key, shape]: readonly [string, Shape]): boolean =>
    shape.every((extent) => extent > 0) && (key.match(/\d+/g) ?? []).every((place) => Number(place) <= last);
  return Object.fromEntries(entries.filter(isPlausible));
}

/** Sizes that were tried: a file is recognised several times while it is read. */
const tried = new Map<string, boolean>();
const mostTried = 100;

/** Whether there is a network of a size that was deduced from a file of other people. */
function canBeBuilt(description: NetworkDescription): boolean {
  const size = JSON.stringify([description.architecture, description.config]);
  const known = tried.get(size);
  if (known !== undefined) return known;
  if (tried.size >= mostTried) tried.clear();
  const built = isBuilt(description);
  tried.set(size, built);
  return built;
}

function isBuilt(description: NetworkDescription): boolean {
  try {
    networkParameters(description);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
