import { type ClipImageConfig, clipPool, directionLogits } from '../../networks/index.js';
import type { ParameterScope } from '../../nn/index.js';
import { type Tensor, mean, sigmoid } from '../../tensor/index.js';
import { lookThroughClip } from './clip-look.js';

/** Two texts that say the opposite of a picture's quality. */
export interface AntonymPair<Text = string> {
  readonly good: Text;
  readonly bad: Text;
}

/** The texts of CLIP-IQA's paper. */
export const clipIqaPairs: readonly AntonymPair[] = [{ good: 'Good photo.', bad: 'Bad photo.' }];

/**
 * CLIP-IQA (Wang et al., "Exploring CLIP for Assessing the Look and Feel of Images", AAAI 2023): how much more pictures
 * look like "Good photo." than like "Bad photo." to CLIP, whose attention pool is used without its positional table, so
 * that pictures keep their size. Nothing is trained.
 *
 *     q = mean over pairs of softmax(s·cos(f, t₊), s·cos(f, t₋))₊ = mean of σ(s·(cos(f, t₊) − cos(f, t₋)))
 *
 * @param scale s, CLIP's own: about 100
 * @returns a function from parameters of the image encoder, the pairs' directions `[pairs, embed_dim]`
 *   (`promptDirections`), and pictures `[batch, 3, height, width]`, RGB in [0, 1], sides multiples of 32, to scores
 *   `[batch]` in [0, 1]; higher is better. Differentiable in the pictures
 *
 * @example
 * const quality = clipIqa(clipRn50Config, 100)(scopeOf(parameters), directions, pictures);
 */
export function clipIqa(
  clip: ClipImageConfig,
  scale: number,
): (parameters: ParameterScope, directions: Tensor, pictures: Tensor) => Tensor {
  const look = lookThroughClip({ clip });
  return (parameters, directions, pictures) => {
    const { layer4 } = look({ clip: parameters }, pictures);
    const embedding = clipPool(clip)(parameters, layer4);
    return mean(sigmoid(directionLogits(embedding, directions, scale)), { axes: [1] });
  };
}
