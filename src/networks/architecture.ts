import type { Network } from '../nn/index.js';
import type { Shape } from '../tensor/index.js';

/** Hyper-parameters of a network, under the names of its original program. */
export type NetworkConfig = Readonly<Record<string, number>>;

/** Shapes of a state dict's tensors, by key. */
export type StateDictShapes = Readonly<Record<string, Shape>>;

/** A network of a certain size, and what one must know to use it on pictures. */
export interface NetworkDescription {
  readonly architecture: string;
  readonly config: NetworkConfig;
  readonly network: Network;
  readonly inputChannels: number;
  /** Height and width must be multiples of this. */
  readonly multiple: number;
  /** Pixels that an output pixel looks at in each direction: the margin that makes tiling exact. */
  readonly reach: number;
  /** Channels of the widest feature map, which sets how much memory a pixel takes. */
  readonly width: number;
}

/** What options may say about a network's size; each architecture takes what applies to it. */
export interface NetworkSize {
  readonly baseChannels?: number;
  readonly modules?: number;
}

/** One published architecture: how to build it and how to recognise it. */
export interface Architecture {
  /** The name that options and weights files use. */
  readonly name: string;
  readonly title: string;
  /** The network of a given size; a size that is left out is the default of this program. */
  ofSize(size: NetworkSize): NetworkDescription;
  /** The network with these hyper-parameters, as a weights file or a run folder keeps them. */
  ofConfig(config: NetworkConfig): NetworkDescription;
  /** The network whose parameters these are, its size deduced; undefined where they are of another architecture. */
  recognise(shapes: StateDictShapes): NetworkDescription | undefined;
  /** Tensors of published checkpoints that are no parameters and are left out on loading, such as masks. */
  isBuffer(key: string): boolean;
}
