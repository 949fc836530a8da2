import { OptionError } from '../../errors.js';
import { clipTokenVectors } from '../../networks/index.js';
import type { PromptWords } from '../../upscale/index.js';
import { loadClipTokenizer, type ClipWeights } from '../../models/index.js';
import type { GameSettings } from './game-settings.js';

/**
 * The vectors that CLIP's table has for the words that prompts begin with; undefined where they begin with noise.
 *
 * @throws OptionError for a text without words, one of more tokens than a prompt has, and for a CLIP of another vocabulary
 */
export async function promptWords(
  { discriminators, promptWords: texts, prompt: { tokens } }: GameSettings,
  { name, config, text }: ClipWeights,
): Promise<PromptWords | undefined> {
  const { 'token_embedding.weight': table } = text;
  if (texts === null || !discriminators.includes('prompt') || table === undefined) return undefined;
  const tokenizer = await loadClipTokenizer();
  if (config.vocab_size !== tokenizer.end + 1)
    throw new OptionError(
      `\`promptWords\` needs a CLIP that knows the ${tokenizer.end + 1} tokens of OpenAI's, and ${name} knows ${config.vocab_size}: leave it out`,
    );
  return texts.map((words) => {
    // Start and end stand around every prompt already.
    const numbers = tokenizer.encode(words).slice(1, -1);
    if (numbers.length === 0) throw new OptionError('`promptWords` has a text without a word');
    if (numbers.length > tokens)
      throw new OptionError(
        `${JSON.stringify(words)} of \`promptWords\` takes ${numbers.length} tokens, and prompts have ${tokens}: shorten it, or raise \`promptTokens\``,
      );
    const { data } = clipTokenVectors(table, [numbers]);
    return { data, shape: [numbers.length, config.transformer_width], dtype: 'float32' };
  });
}
