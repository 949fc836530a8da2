import type { Architecture, StateDictShapes } from './architecture.js';
import { architectures } from './architectures.js';
import { type RecognisedNetwork, recogniseAmong } from './recognise.js';
import { rrdbnetArchitecture } from './rrdbnet.js';
import { srvggnetArchitecture } from './srvggnet.js';

/** Every architecture that enlarges, by name. Adding one is adding its file and a line here. */
export const upscalers: Readonly<Record<string, Architecture>> = {
  [srvggnetArchitecture.name]: srvggnetArchitecture,
  [rrdbnetArchitecture.name]: rrdbnetArchitecture,
};

/** What a network is for. */
export type NetworkTask = 'denoise' | 'upscale';

/** The architectures for each task. */
export const architecturesFor: Readonly<Record<NetworkTask, Readonly<Record<string, Architecture>>>> = {
  denoise: architectures,
  upscale: upscalers,
};

/** The upscaler that a state dict's shapes belong to, its architecture and size; undefined where none knows them. */
export function recogniseUpscaler(shapes: StateDictShapes): RecognisedNetwork | undefined {
  return recogniseAmong(upscalers, shapes);
}

/** The network of any task that a state dict's shapes belong to, and its task; undefined where none knows them. */
export function recogniseAnyNetwork(
  shapes: StateDictShapes,
): (RecognisedNetwork & { readonly task: NetworkTask }) | undefined {
  const denoiser = recogniseAmong(architectures, shapes);
  if (denoiser !== undefined) return { ...denoiser, task: 'denoise' };
  const upscaler = recogniseUpscaler(shapes);
  return upscaler === undefined ? undefined : { ...upscaler, task: 'upscale' };
}

/** The architecture of that name, of any task; undefined where there is none. */
export function architectureOf(name: string): Architecture | undefined {
  const all = { ...architectures, ...upscalers };
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
