import type { ParameterDeclarations, ParameterScope } from '../../nn/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { StateDictShapes } from '../architecture.js';

/** A stage of a backbone: features that a discriminator may look at. */
export interface BackboneStage {
  readonly name: string;
  readonly channels: number;
  /** How many pixels apart neighbouring positions are. */
  readonly stride: number;
}

/** What a backbone sees of pictures. */
export interface SemanticFeatures {
  /** `[batch, channels, rows, columns]`, by the stages' names. */
  readonly stages: Readonly<Record<string, Tensor>>;
  /** What it says of whole pictures, `[batch, pooledWidth]`, not of length 1. */
  readonly pooled: Tensor;
}

/**
 * A frozen network that knows what pictures show, as discriminators look through it: all that they need to know of it. A new one is
 * one file beside this one, and a line in {@link torchvisionBackbones} where it is one of torchvision's.
 */
export interface SemanticBackbone {
  /** What files call it. */
  readonly name: string;
  /** As its authors call it. */
  readonly title: string;
  /** From the finest to the coarsest. */
  readonly stages: readonly BackboneStage[];
  /** The stages that are looked at where nothing else is said. */
  readonly usualStages: readonly string[];
  readonly pooledWidth: number;
  /** The least side of a picture. */
  readonly leastSide: number;
  /** Pictures in [0, 1] as it learnt them. */
  normalise(picture: Tensor): Tensor;
  /** Looks at normalised pictures `[batch, 3, height, width]`. */
  look(parameters: ParameterScope, x: Tensor): SemanticFeatures;
  /** The pooled feature of pictures at the one size that it has places for; left out: it has none. */
  readonly resized?: { readonly side: number; look(parameters: ParameterScope, x: Tensor): Tensor };
}

/** A backbone whose weights torchvision publishes. */
export interface TorchvisionBackbone extends SemanticBackbone {
  readonly name: 'squeezenet' | 'alexnet';
  /** Which file to give, for people. */
  readonly wanted: string;
  parameters(): ParameterDeclarations;
  recognises(shapes: StateDictShapes): boolean;
}

/**
 * The stage of that name.
 *
 * @throws RangeError if the backbone has none
 */
export function stageOf({ title, stages }: SemanticBackbone, name: string): BackboneStage {
  const stage = stages.find((known) => known.name === name);
  if (stage === undefined)
    throw new RangeError(`${title} has no stage ${name}, but ${stages.map((one) => one.name).join(', ')}`);
  return stage;
}
