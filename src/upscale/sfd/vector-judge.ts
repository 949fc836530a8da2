import { directionLogits, promptDirections } from '../../networks/index.js';
import { createRandom } from '../../nn/index.js';
import { mean } from '../../tensor/index.js';
import { type Judge, shown } from '../judge.js';
import { type PromptConfig, promptDefault } from './prompt-judge.js';

/** What of {@link PromptConfig} pairs of vectors have. */
export type VectorConfig = Pick<PromptConfig, 'pairs' | 'scale' | 'deviation' | 'average'>;

/**
 * TG-D without texts, *this project's own variation* on SFD (CVPR 2025): where the backbone knows no text, each learnable prompt pair becomes a
 * learnable pair of vectors in the space of its pooled feature f, and z = s·(cos(f, v₊) − cos(f, v₋)) as with prompts. A pair begins as the same
 * random vector twice, moved apart a little, so that at first it says little.
 *
 * @param width of the pooled feature
 * @param seed of the first vectors
 */
export function vectorJudge(config: VectorConfig, width: number, seed: number): Judge {
  const { pairs, scale, deviation, average } = { ...promptDefault, ...config };
  const shape = [2 * pairs, width];
  const random = createRandom(seed, 0x5eac);
  const data = new Float32Array(2 * pairs * width);
  for (let pair = 0; pair < pairs; pair++)
    for (let i = 0; i < width; i++) {
      const common = random.normal();
      for (const side of [0, 1]) data[(2 * pair + side) * width + i] = common + deviation * random.normal();
    }
  return {
    name: 'prompt',
    sights: ['embedding'],
    parameters: { vectors: { data, shape, dtype: 'float32' } },
    buffers: {},
    judging({ vectors }) {
      if (vectors === undefined) throw new RangeError('the judge prompt has no vectors');
      const directions = promptDirections(vectors);
      return (view) => {
        const logits = directionLogits(shown(view, 'embedding', 'prompt'), directions, scale);
        return [average === 'logits' ? mean(logits, { axes: [1], keepAxes: true }) : logits];
      };
    },
  };
}
