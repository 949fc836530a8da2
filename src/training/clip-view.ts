import {
  type ClipImageConfig,
  type ClipStage,
  clipImage,
  clipStages,
  normaliseForClip,
} from '../networks/index.js';
import { scopeOf } from '../nn/index.js';
import type { Tensor, TensorRecord } from '../tensor/index.js';
import { resizeBilinear } from '../tensor/index.js';
import type { Sight, View } from '../upscale/index.js';

/** CLIP's image encoder as judges look through it. */
export interface ClipEye {
  readonly config: ClipImageConfig;
  /** Whether CLIP's mean is taken off a picture, and divided by its deviation, as CLIP learnt it; default true. */
  readonly normalised?: boolean;
}

const isStage = (sight: Sight): sight is ClipStage => clipStages.some((stage) => stage === sight);

/** What sights show of a picture that CLIP must look at; a program computes those that its results need, no more. */
export function clipView(
  { config, normalised = true }: ClipEye,
  parameters: TensorRecord,
  picture: Tensor,
  sights: ReadonlySet<Sight>,
): View {
  const look = clipImage(config);
  const seen = (x: Tensor) => look(scopeOf(parameters), normalised ? normaliseForClip(x) : x);
  const view: Partial<Record<Sight, Tensor>> = {};
  const native = seen(picture);
  for (const sight of sights) {
    if (isStage(sight)) view[sight] = native[sight];
    else if (sight === 'embedding') view.embedding = native.embedding;
    else if (sight === 'positionalEmbedding') {
      // The table has a vector for each place of this size and of no other.
      const { image_resolution: side } = config;
      const { positionalEmbedding } = seen(resizeBilinear(picture, [side, side]));
      if (positionalEmbedding !== undefined) view.positionalEmbedding = positionalEmbedding;
    }
  }
  return view;
}
