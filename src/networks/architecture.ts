import type { Network } from '../nn/index.js';
import type { Shape, TensorValue } from '../tensor/index.js';
import type { NetworkConfig } from './network-config.js';

/** Shapes of a state dict's tensors, by key. */
export type StateDictShapes = Readonly<Record<string, Shape>>;

/** A network of a certain size, and what one must know to use it on pictures. */
export interface NetworkDescription {
  readonly architecture: string;
  readonly config: NetworkConfig;
  readonly network: Network;
  /** Channels of the pictures that it was made for: 3 for colour; 1 for grey, which works on any channel by itself. */
  readonly inputChannels: number;
  /** How many times as high and wide the result is: 1 for denoisers. */
  readonly scale: number;
  /** Height and width must be multiples of this. */
  readonly multiple: number;
  /**
   * Pixels of the input around a tile: as far as an output pixel looks in each direction, or, where it looks further, as
   * far as matters.
   */
  readonly reach: number;
  /** Whether tiling with that margin is exact. False where every output pixel depends on the whole picture (a global pooling, say). */
  readonly tilesExactly: boolean;
  /** Whether no output pixel depends on the input at that pixel. */
  readonly blindSpot: boolean;
  /** Channels of the widest feature map, which sets how much memory a pixel takes. */
  readonly width: number;
  /** The learning rate its authors start from; recipes do not go above it. Left out: higher ones were tried here. */
  readonly authorsRate?: number;
  /** The form in which it is used, of a network that is learnt in another one: the same function, and less work. */
  readonly folded?: FoldedNetwork;
}

/** A network in the form in which it is used, and how its parameters become those of that form. */
export interface FoldedNetwork {
  readonly description: NetworkDescription;
  parameters(learnt: Readonly<Record<string, TensorValue>>): Readonly<Record<string, TensorValue>>;
}

/** What options may say about a network's size; each architecture takes what applies to it. */
export interface NetworkSize {
  /** Channels of its pictures: 3 for colour, the default, or 1 for grey. */
  readonly channels?: number | undefined;
  readonly baseChannels?: number | undefined;
  readonly modules?: number | undefined;
  /** By how much a network that enlarges does so. */
  readonly scale?: number | undefined;
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
  /**
   * Tensors of published checkpoints that are no parameters and are left out on loading, such as masks.
   *
   * @param config of the network that was recognised
   */
  isBuffer(key: string, config?: NetworkConfig): boolean;
}
