import { floatsOf, formatShape, type TensorValue } from '../../tensor/index.js';

/** Vectors of the words of each prompt, `[words, width]`: of every pair first those of the good prompt. */
export type PromptWords = readonly TensorValue[];

/**
 * First vectors of prompts that begin with words: `[V₁ … Vₖ, words]`, the words last, where CoOp (IJCV 2022) has the name of
 * a class. The vectors before them are those of the noise, and are at first the same in both prompts of a pair: what tells
 * the two apart is then what their words say.
 *
 * @param noise `[2·pairs, tokens, width]`
 * @throws RangeError for words that are too many, or of another width
 */
export function startedFromWords(noise: TensorValue, words: PromptWords): TensorValue {
  const [texts = 0, tokens = 0, width = 0] = noise.shape;
  if (words.length !== texts)
    throw new RangeError(`${texts} prompts cannot begin with words for ${words.length}`);
  const drawn = floatsOf(noise.data);
  const data = new Float32Array(drawn.length);
  const length = tokens * width;
  for (const [text, { shape, data: vectors }] of words.entries()) {
    const [count = 0, wide] = shape;
    if (wide !== width || count > tokens)
      throw new RangeError(`words ${formatShape(shape)} do not fit a prompt of [${tokens}, ${width}]`);
    const pair = text - (text % 2);
    data.set(drawn.subarray(pair * length, (pair + 1) * length), text * length);
    data.set(floatsOf(vectors), text * length + (tokens - count) * width);
  }
  return { data, shape: noise.shape, dtype: 'float32' };
}
