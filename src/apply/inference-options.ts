import type { Refinement } from '../denoise/index.js';
import { choice, flag, type OptionsOf, whole } from '../options/index.js';

const refinements = ['none', 'per-element', 'per-pixel'] as const satisfies readonly Refinement[];

/** What a method may be told at test time. Every option has a default; one that a method has no use for is refused. */
export const inferenceOptions = {
  /** Stride of the sub-sampling; default 2. */
  subSampling: whole({ from: 1, to: 9, default: 2, words: 'stride of the sub-sampling' }),
  /** The method's second pass over its result; default true where the method has one and no refinement is asked for. */
  enhance: flag({ words: "the method's second pass", usual: 'on', off: 'without the second pass' }),
  /**
   * Random-replacing refinement: `per-element` as in AP-BSN, `per-pixel` as in AMSNet. Eight more passes at full
   * resolution (for AMSNet twice as many). Default `none`.
   */
  refine: choice(refinements, { value: 'HOW', default: 'none', words: 'none, per-element or per-pixel' }),
  /** Number of complementary masks, of AMSNet; default 2. */
  masks: whole({ from: 2, to: 16, default: 2, words: 'masks of amsnet, one pass each' }),
  /** Fixed patterns in place of random masks; default false. */
  deterministic: flag({ default: false, words: 'fixed instead of random masks (amsnet)' }),
};

/** What a method may be told at test time. Every field has a default; one that a method has no use for is refused. */
export type InferenceChoices = OptionsOf<typeof inferenceOptions>;
