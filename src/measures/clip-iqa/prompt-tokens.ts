import { OptionError } from '../../errors.js';
import { clipTokensAside } from '../../models/index.js';
import { type AntonymPair, clipIqaPairs } from '../../quality/index.js';

/** A text, or the numbers of its tokens, the start and the end among them, for a CLIP with a vocabulary of its own. */
export type PromptText = string | readonly number[];

/**
 * Pairs of texts as tokens; default: CLIP-IQA's own.
 *
 * @throws OptionError for none, and for a text without words
 */
export async function tokensOfPairs(
  pairs: readonly AntonymPair<PromptText>[] = clipIqaPairs,
  contextLength: number,
): Promise<readonly AntonymPair<readonly number[]>[]> {
  if (pairs.length === 0) throw new OptionError('CLIP-IQA needs at least one pair of texts');
  const texts = pairs.flatMap(({ good, bad }) => [good, bad]);
  const words = [...new Set(texts.filter((text) => typeof text === 'string'))];
  const read = words.length === 0 ? [] : await clipTokensAside(words, contextLength);
  const known = new Map(words.map((text, i) => [text, read[i] ?? []] as const));
  const tokens = (text: PromptText): readonly number[] => {
    const numbers = typeof text === 'string' ? (known.get(text) ?? []) : text;
    if (!Array.isArray(numbers) || numbers.length <= 2)
      throw new OptionError(`a prompt needs words, got ${JSON.stringify(text)}`);
    return numbers;
  };
  return pairs.map(({ good, bad }) => ({ good: tokens(good), bad: tokens(bad) }));
}
