import { type DeviceOptions, deviceOptions, onDevice } from '../../apply/index.js';
import { OptionError } from '../../errors.js';
import { expectList, expectPath, type OptionNames, refuseUnknownOptions } from '../../known-options.js';
import { present } from '../../present.js';
import { type ClipWeights, clipTokensAside, loadClip } from '../../models/index.js';
import { type AntonymPair, clipIqaMeasure, clipIqaPairs, sfdRuleDefault } from '../../quality/index.js';
import { type LongSide, settledLongSide, settledTile } from '../critic/judged-picture.js';
import { type QualityScorer, scorerOf } from '../critic/quality-scorer.js';
import { directionsOfTokens } from './prompt-directions.js';

/** A text, or the numbers of its tokens, the start and the end among them, for a CLIP with a vocabulary of its own. */
export type PromptText = string | readonly number[];

/** Options of {@link openClipIqa}. */
export interface ClipIqaOptions extends DeviceOptions {
  /** A CLIP with a ResNet: a file, or what was read from one. The paper's is OpenAI's RN50. */
  readonly clip: string | ClipWeights;
  /** Pairs of a text for good and one for bad pictures, whose answers are averaged; default `Good photo.` and `Bad photo.` */
  readonly pairs?: readonly AntonymPair<PromptText>[];
  /** Pictures with a longer side are made smaller first; `full`: none, as the paper has it. Default 1024. */
  readonly longSide?: LongSide;
  /** Largest side of the tiles that large pictures are seen in, a multiple of 32; default 1024. Scores do not depend on it. */
  readonly tile?: number;
}

const optionNames: OptionNames<ClipIqaOptions> = {
  ...{ ...deviceOptions, clip: true, pairs: true, longSide: true, tile: true },
};

/** @throws OptionError for anything but a list of pairs */
export function checkPairs(pairs: readonly AntonymPair<PromptText>[]): void {
  expectList(pairs, 'pairs', 'pairs of texts');
  for (const pair of pairs) refuseUnknownOptions('a pair of texts', pair, { good: true, bad: true });
}

/** Pairs of texts as tokens. */
export async function tokensOfPairs(
  pairs: readonly AntonymPair<PromptText>[],
  contextLength: number,
): Promise<readonly AntonymPair<readonly number[]>[]> {
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

/**
 * Opens CLIP-IQA (Wang et al., AAAI 2023): how much more a picture looks like "Good photo." than like "Bad photo." to
 * CLIP. In [0, 1], higher is better; nothing is trained. Other pairs of opposites may be given.
 *
 * @throws RevelaError for anything that the user can mend: a file that holds no CLIP, a text without words or longer than
 *   the context, a wrong option, an absent device
 *
 * @example
 * const scorer = await openClipIqa({ clip: 'RN50.pt', pairs: [{ good: 'Sharp photo.', bad: 'Blurry photo.' }] });
 * console.log(await scorer.score('photo.jpg')); // 0.7
 * await scorer.close();
 */
export async function openClipIqa(options: ClipIqaOptions): Promise<QualityScorer> {
  refuseUnknownOptions('openClipIqa', options, optionNames);
  return clipIqaFor(options);
}

/** The same, of options that were checked, and may be those of another function. */
export async function clipIqaFor(options: ClipIqaOptions): Promise<QualityScorer> {
  const { pairs = clipIqaPairs, signal } = options;
  if (typeof options.clip !== 'object') expectPath(options.clip, 'clip');
  checkPairs(pairs);
  if (pairs.length === 0) throw new OptionError('CLIP-IQA needs at least one pair of texts');
  const [longSide, tile] = [settledLongSide(options.longSide), settledTile(options.tile)];
  const clip = typeof options.clip === 'string' ? await loadClip(options.clip) : options.clip;
  const tokens = await tokensOfPairs(pairs, clip.config.context_length);
  return onDevice(options, async (runtime) =>
    scorerOf(runtime, {
      measure: clipIqaMeasure,
      critic: {
        config: { clip: clip.config, promptScale: clip.logitScale },
        image: clip.image,
        directions: await directionsOfTokens(runtime, clip, tokens),
        rule: sfdRuleDefault,
      },
      ...{ longSide, tile },
      ...present({ signal }),
    }),
  );
}
