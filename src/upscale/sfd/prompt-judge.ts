import { type ClipTextConfig, clipText } from '../../networks/index.js';
import { createRandom, normalWith, scopeOf } from '../../nn/index.js';
import { groupOf } from '../../tensor/index.js';
import { type Judge, shown } from '../judge.js';
import { promptEnds, promptLogits, promptVectors } from './prompts.js';

/** How many prompt pairs are learnt, and how. The paper does not say; *inferred* from its relatives. */
export interface PromptConfig {
  /** Pairs of a good and a bad prompt. */
  readonly pairs: number;
  /** Vectors of each prompt: 16 as in CoOp (IJCV 2022). */
  readonly tokens: number;
  /** What differences of cosines are multiplied by; CLIP's own scale is 100. */
  readonly scale: number;
}

/** One pair of 16 vectors, at CLIP's scale. */
export const promptDefault: PromptConfig = { pairs: 1, tokens: 16, scale: 100 };

/** Standard deviation of the first vectors, CoOp's. */
const FIRST_DEVIATION = 0.02;

/** Names of what the judge needs of CLIP among the frozen values. */
export const promptFrozen = { text: 'clip-text', marks: 'clip-marks' } as const;

/**
 * TG-D (text-guided discrimination of SFD, CVPR 2025): judges CLIP's embedding of whole pictures by learnable prompt pairs.
 *
 * @param seed of the first vectors
 */
export function promptJudge(
  { pairs, tokens, scale }: PromptConfig,
  clip: ClipTextConfig,
  seed: number,
): Judge {
  const shape = [2 * pairs, tokens, clip.transformer_width];
  const random = createRandom(seed, 0x9a17);
  return {
    name: 'prompt',
    sights: ['embedding'],
    parameters: {
      context: { data: normalWith(FIRST_DEVIATION)(shape, random), shape, dtype: 'float32' },
    },
    buffers: {},
    judging(own, frozen) {
      const { context } = own;
      const { vectors: marks } = groupOf(frozen, promptFrozen.marks);
      if (context === undefined || marks === undefined)
        throw new RangeError('the judge prompt has no vectors');
      // Read once, whatever is judged by it.
      const text = clipText(clip, promptEnds(context))(
        scopeOf(groupOf(frozen, promptFrozen.text)),
        promptVectors(context, marks),
      );
      return (view) => [promptLogits(shown(view, 'embedding', 'prompt'), text, scale)];
    },
  };
}
