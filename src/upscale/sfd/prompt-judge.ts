import { type ClipTextConfig, clipText } from '../../networks/index.js';
import { createRandom, normalWith, scopeOf } from '../../nn/index.js';
import { groupOf, mean, type TensorValue } from '../../tensor/index.js';
import { type Judge, shown, type Sight } from '../judge.js';
import { promptEnds, promptLogits, promptVectors } from './prompts.js';
import { type PromptWords, startedFromWords } from './prompt-words.js';

/**
 * How a judge of prompts sees pictures through CLIP.
 *
 * | name | CLIP's embedding |
 * |---|---|
 * | `native` | of the picture as it is, the attention pool without its table of places, as CLIP-IQA (AAAI 2023) has it |
 * | `resized` | of the picture resized bilinearly to CLIP's own side, with the table, as CLIP-LIT (ICCV 2023) has it |
 */
export type PromptInput = 'native' | 'resized';

/** All of {@link PromptInput}. */
export const promptInputs: readonly PromptInput[] = ['native', 'resized'];

/** What is averaged over several prompt pairs: the `losses` of their logits, or the `logits` before the loss. */
export type PromptAverage = 'losses' | 'logits';

/** All of {@link PromptAverage}. */
export const promptAverages: readonly PromptAverage[] = ['losses', 'logits'];

/** How many prompt pairs are learnt, and how. The paper does not say; *inferred* from its relatives. */
export interface PromptConfig {
  /** Pairs of a good and a bad prompt. */
  readonly pairs: number;
  /** Vectors of each prompt: 16 as in CoOp (IJCV 2022). */
  readonly tokens: number;
  /** What differences of cosines are multiplied by; CLIP's own scale is 100. */
  readonly scale: number;
  /** Standard deviation of the first vectors; left out: CoOp's 0.02. */
  readonly deviation?: number;
  /** Left out: `native`. */
  readonly input?: PromptInput;
  /** Left out: `losses`. */
  readonly average?: PromptAverage;
}

/** One pair of 16 vectors, at CLIP's scale. */
export const promptDefault: Required<PromptConfig> = {
  pairs: 1,
  tokens: 16,
  scale: 100,
  deviation: 0.02,
  input: 'native',
  average: 'losses',
};

/** Names of what the judge needs of CLIP among the frozen values. */
export const promptFrozen = { text: 'clip-text', marks: 'clip-marks' } as const;

const sights: Readonly<Record<PromptInput, Sight>> = { native: 'embedding', resized: 'positionalEmbedding' };

/**
 * TG-D (text-guided discrimination of SFD, CVPR 2025): judges CLIP's embedding of whole pictures by learnable prompt pairs.
 *
 * @param seed of the first vectors
 * @param words the vectors of words that the prompts begin with, a text for each prompt; left out: they begin with noise
 */
export function promptJudge(
  config: PromptConfig,
  clip: ClipTextConfig,
  seed: number,
  words?: PromptWords,
): Judge {
  const { pairs, tokens, scale, deviation, input, average } = { ...promptDefault, ...config };
  const shape = [2 * pairs, tokens, clip.transformer_width];
  const noise = normalWith(deviation)(shape, createRandom(seed, 0x9a17));
  const drawn: TensorValue = { data: noise, shape, dtype: 'float32' };
  const sight = sights[input];
  return {
    name: 'prompt',
    sights: [sight],
    parameters: { context: words === undefined ? drawn : startedFromWords(drawn, words) },
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
      return (view) => {
        const logits = promptLogits(shown(view, sight, 'prompt'), text, scale);
        return [average === 'logits' ? mean(logits, { axes: [1], keepAxes: true }) : logits];
      };
    },
  };
}
