import type { SemanticBackbone } from '../../networks/index.js';
import { scopeOf } from '../../nn/index.js';
import type { Tensor, TensorRecord } from '../../tensor/index.js';
import { resizeBilinear } from '../../tensor/index.js';
import type { Sight } from '../judge.js';

/** A backbone as judges look through it. */
export interface Eye {
  readonly backbone: SemanticBackbone;
  /** Whether pictures are normalised as it learnt them; default true. */
  readonly normalised?: boolean;
}

/** What sights show of a picture that the backbone must look at; a program computes those that its results need, no more. */
export function semanticView(
  { backbone, normalised = true }: Eye,
  parameters: TensorRecord,
  picture: Tensor,
  sights: ReadonlySet<Sight>,
): Readonly<Record<Sight, Tensor>> {
  const scope = scopeOf(parameters);
  const shown = (x: Tensor): Tensor => (normalised ? backbone.normalise(x) : x);
  const { stages, pooled } = backbone.look(scope, shown(picture));
  const view: Record<Sight, Tensor> = {};
  for (const sight of sights) {
    const stage = stages[sight];
    if (stage !== undefined) view[sight] = stage;
    else if (sight === 'embedding') view[sight] = pooled;
    else if (sight === 'positionalEmbedding' && backbone.resized !== undefined) {
      // There is a place for each position of this size and of no other.
      const { side, look } = backbone.resized;
      view[sight] = look(scope, shown(resizeBilinear(picture, [side, side])));
    }
  }
  return view;
}
