import type { Architecture, StateDictShapes } from './architecture.js';
import { architectures } from './architectures.js';
import { type RecognisedNetwork, recogniseAmong } from './recognise.js';
import { rrdbnetArchitecture } from './rrdbnet.js';
import { scorerArchitecture } from './scorer.js';
import { spanArchitecture } from './span.js';
import { srvggnetArchitecture } from './srvggnet.js';

/** Every architecture that enlarges, by name. Adding one is adding its file and a line here. */
export const upscalers: Readonly<Record<string, Architecture>> = {
  [srvggnetArchitecture.name]: srvggnetArchitecture,
  [rrdbnetArchitecture.name]: rrdbnetArchitecture,
  [spanArchitecture.name]: spanArchitecture,
};

/** Every architecture that scores quality, by name. */
export const scorers: Readonly<Record<string, Architecture>> = {
  [scorerArchitecture.name]: scorerArchitecture,
};

const networkTasks = ['denoise', 'upscale', 'score'] as const;

/** What a network is for. */
export type NetworkTask = (typeof networkTasks)[number];

/** The architectures for each task. */
export const architecturesFor: Readonly<Record<NetworkTask, Readonly<Record<string, Architecture>>>> = {
  denoise: architectures,
  upscale: upscalers,
  score: scorers,
};

/** The network of any task that a state dict's shapes belong to, and its task; undefined where none knows them. */
export function recogniseNetwork(
  shapes: StateDictShapes,
): (RecognisedNetwork & { readonly task: NetworkTask }) | undefined {
  for (const task of networkTasks) {
    const recognised = recogniseAmong(architecturesFor[task], shapes);
    if (recognised !== undefined) return { ...recognised, task };
  }
  return undefined;
}

/** The architecture of that name, of any task; undefined where there is none. */
export function architectureOf(name: string): Architecture | undefined {
  const all = { ...architectures, ...upscalers, ...scorers };
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

/** What the architecture of that name is for; undefined where there is none. */
export function taskOf(name: string): NetworkTask | undefined {
  return networkTasks.find((task) => Object.hasOwn(architecturesFor[task], name));
}
