import { RevelaError } from '../../errors.js';

/** Pairs of symbols in the order in which byte-pair encoding joins them: what a vocabulary is made of. */
export type BytePairMerges = readonly (readonly [string, string])[];

/** Options of {@link ClipTokenizer.encode}. */
export interface ClipEncodeOptions {
  /** Cut a text that is longer than the context and end it there, as the original's `truncate=True`. Default false. */
  readonly truncate?: boolean;
  /** Fill up with 0 to the length of the context, as the original always does. Default false. */
  readonly pad?: boolean;
}

/** Makes token numbers of texts. */
export interface ClipTokenizer {
  /** Number of the token before every text: 49406. */
  readonly start: number;
  /** Number of the token after every text: 49407. */
  readonly end: number;
  readonly contextLength: number;
  /**
   * `[start, …, end]`
   *
   * @throws RevelaError for a text that is longer than the context, unless it may be cut
   */
  encode(text: string, options?: ClipEncodeOptions): number[];
}

const START = '<|startoftext|>';
const END = '<|endoftext|>';
/** What stands behind the last symbol of a word. */
const WORD_END = '</w>';

/** Contractions, words, single digits, and runs of anything else that is no white space. */
const PIECES = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

/** A character for every byte, in the order of their token numbers: those that print stand for themselves, others come after 255. */
function byteCharacters(): string[] {
  const prints = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const others = bytes.filter((byte) => !prints(byte)).map((_, i) => String.fromCodePoint(256 + i));
  return [...bytes.filter(prints).map((byte) => String.fromCodePoint(byte)), ...others];
}

/** Token numbers by symbol: bytes, bytes that end a word, joined pairs, start and end. */
function vocabularyOf(merges: BytePairMerges): Map<string, number> {
  const bytes = byteCharacters();
  const symbols = [...bytes, ...bytes.map((byte) => byte + WORD_END)];
  const known = new Set(symbols);
  merges.forEach(([first, second], i) => {
    if (!known.has(first) || !known.has(second))
      throw new RevelaError(
        `the vocabulary joins ${JSON.stringify(first)} and ${JSON.stringify(second)} (pair ${i + 1}) before it has made them; use CLIP's own file, whole and in its order`,
      );
    known.add(first + second);
    symbols.push(first + second);
  });
  if (!merges.some(([, second]) => second.endsWith(WORD_END)))
    throw new RevelaError(
      "the vocabulary is another model's: no symbol ends a word with </w>; use CLIP's own",
    );
  return new Map([...symbols, START, END].map((symbol, number) => [symbol, number]));
}

/** What is used of the library's class. */
interface Encoder {
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: readonly number[] };
}

async function encoderOf(merges: BytePairMerges, vocabulary: ReadonlyMap<string, number>): Promise<Encoder> {
  const { Tokenizer } = await import('@huggingface/tokenizers');
  const special = [START, END].map((content) => ({
    id: vocabulary.get(content) ?? 0,
    content,
    special: true,
    normalized: false,
    lstrip: false,
    rstrip: false,
    single_word: false,
  }));
  const description = {
    version: '1.0',
    added_tokens: special,
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: PIECES }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: null,
    decoder: null,
    model: {
      type: 'BPE',
      unk_token: END,
      continuing_subword_prefix: '',
      end_of_word_suffix: WORD_END,
      fuse_unk: false,
      vocab: Object.fromEntries(vocabulary),
      merges,
    },
  };
  return new Tokenizer(description, {});
}

/**
 * CLIP's tokenizer: byte-pair encoding of the cleaned, lower-case text. The packages that it takes are loaded here, when
 * the first one is made.
 *
 * @param merges all of CLIP's 48,894 pairs in their order
 * @throws RevelaError where they are not a vocabulary of CLIP's kind
 *
 * @example
 * const tokenizer = await createClipTokenizer(merges);
 * tokenizer.encode('Good photo.'); // [49406, 886, 1125, 269, 49407]
 */
export async function createClipTokenizer(
  merges: BytePairMerges,
  contextLength = 77,
): Promise<ClipTokenizer> {
  const vocabulary = vocabularyOf(merges);
  const [encoder, { cleanText }] = await Promise.all([
    encoderOf(merges, vocabulary),
    import('./clean-text.js'),
  ]);
  const end = vocabulary.size - 1;
  const start = end - 1;
  return {
    start,
    end,
    contextLength,
    encode(text, { truncate = false, pad = false } = {}) {
      const tokens = [start, ...encoder.encode(cleanText(text), { add_special_tokens: false }).ids, end];
      const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
      if (tokens.length > contextLength && !truncate)
        throw new RevelaError(
          `the text ${JSON.stringify(shown)} has ${tokens.length} tokens, CLIP reads at most ${contextLength}; shorten it`,
        );
      const kept = tokens.length > contextLength ? [...tokens.slice(0, contextLength - 1), end] : tokens;
      return pad ? [...kept, ...Array.from({ length: contextLength - kept.length }, () => 0)] : kept;
    },
  };
}
