import { type InferenceMethod, type InferenceOptions, plainInference } from '../denoise/index.js';
import { OptionError } from '../errors.js';
import { settled } from '../options/index.js';
import { type InferenceChoices, inferenceOptions } from './inference-options.js';

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
 * @throws OptionError for a choice that means nothing to the method
 */
export function settleInference(
  { name, inference: { takes } }: InferenceMethod,
  choices: InferenceChoices,
): InferenceOptions {
  const { enhance, ...others } = settled(inferenceOptions, choices);
  for (const { choice, use } of choicesOf) {
    const chosen = choices[choice];
    if (chosen === undefined || chosen === false || chosen === 'none') continue;
    if (!takes.includes(choice))
      throw new OptionError(`\`${choice}\` is for ${use}, and ${name} is none: leave it out`);
  }
  const usual = takes.includes('enhance') && others.refine === 'none';
  return { ...plainInference, ...others, enhance: enhance ?? usual };
}
