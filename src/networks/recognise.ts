import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';

/** An architecture, and the network of it that a state dict belongs to. */
export interface RecognisedNetwork {
  readonly architecture: Architecture;
  readonly description: NetworkDescription;
}

/** The first of some architectures that knows these shapes, and the size that they have; undefined where none does. */
export function recogniseAmong(
  candidates: Readonly<Record<string, Architecture>>,
  shapes: StateDictShapes,
): RecognisedNetwork | undefined {
  for (const architecture of Object.values(candidates)) {
    const description = architecture.recognise(shapes);
    if (description !== undefined) return { architecture, description };
  }
  return undefined;
}
