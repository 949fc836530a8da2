import {
  type InferenceMethod,
  type InferenceOptions,
  type Refinement,
  plainInference,
} from '../denoise/index.js';
import { OptionError, optionError } from '../errors.js';
import { wholeNumber } from '../option-checks.js';

/** Largest stride, and number of masks, that make sense. */
const LARGEST = { subSampling: 9, masks: 16 } as const;

const refinements: readonly Refinement[] = ['none', 'per-element', 'per-pixel'];

/** What a method may be told at test time. Every field has a default; one that a method has no use for is refused. */
export interface InferenceChoices {
  /** Stride of the sub-sampling; default 2. */
  readonly subSampling?: number;
  /** The method's second pass over its result; default true where the method has one and no refinement is asked for. */
  readonly enhance?: boolean;
  /**
   * Random-replacing refinement: `per-element` as in AP-BSN, `per-pixel` as in AMSNet. Eight more passes at full
   * resolution (for AMSNet twice as many). Default `none`.
   */
  readonly refine?: Refinement;
  /** Number of complementary masks, of AMSNet; default 2. */
  readonly masks?: number;
  /** Fixed patterns in place of random masks; default false. */
  readonly deterministic?: boolean;
}

/** What each choice is for. */
const choicesOf = [
  { choice: 'subSampling', use: 'methods that sub-sample' },
  { choice: 'enhance', use: 'methods with a second pass' },
  { choice: 'refine', use: 'methods that learn from pictures alone' },
  { choice: 'masks', use: 'methods that hide pixels' },
  { choice: 'deterministic', use: 'methods that hide pixels' },
] as const;

/**
 * Settles a method's inference: what was chosen, and the paper's way where nothing was, but for the refinement, which
 * costs many passes and is left out unless it is asked for.
 *
 * @throws OptionError for a number out of range, and for a choice that means nothing to the method
 */
export function settleInference(
  { name, inference: { takes } }: InferenceMethod,
  choices: InferenceChoices,
): InferenceOptions {
  const { subSampling = 2, refine = 'none', masks = 2, deterministic = false } = choices;
  for (const { choice, use } of choicesOf) {
    const chosen = choices[choice];
    if (chosen === undefined || chosen === false || chosen === 'none') continue;
    if (!takes.includes(choice))
      throw new OptionError(`\`${choice}\` is for ${use}, and ${name} is none: leave it out`);
  }
  if (!refinements.includes(refine)) throw optionError('refine', `one of ${refinements.join(', ')}`, refine);
  return {
    ...plainInference,
    subSampling: wholeNumber(subSampling, 1, LARGEST.subSampling, 'subSampling'),
    enhance: choices.enhance ?? (takes.includes('enhance') && refine === 'none'),
    refine,
    masks: wholeNumber(masks, 2, LARGEST.masks, 'masks'),
    deterministic,
  };
}
