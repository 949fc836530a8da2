import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadClipTokenizer } from '#src/api/index.js';
import { createClipTokenizer } from '#src/networks/index.js';
import { refusal } from '../weights/files.js';

const tokenizer = await loadClipTokenizer();

interface Reference {
  readonly text: string;
  readonly tokens: readonly number[];
}

/** Texts and the numbers that the original program made of them. */
const references: readonly Reference[] = JSON.parse(
  readFileSync(new URL('../fixtures/clip_tokenizer.json', import.meta.url), 'utf8'),
);

describe('the original’s tokens', () => {
  test.each(references)('of $text', ({ text, tokens }) => {
    expect(tokenizer.encode(text, { truncate: true, pad: true })).toEqual(tokens);
  });

  // Made with OpenAI's algorithm, regex 2026.9.29, ftfy 6.3.1 and Python 3.11.
  test.each<readonly [string, readonly number[]]>([
    ['don’t “ﬁnd” ＡＢＣ', [847, 713, 257, 1416, 257, 5334]],
    [
      'AT&T &copy 2020 &notit; &amp;eacute;',
      [536, 261, 339, 5811, 273, 271, 273, 271, 126, 361, 585, 282, 4166],
    ],
    ['<i>&quot;x&rsquo;</i>', [283, 328, 29, 257, 343, 728, 247, 34308, 328, 285]],
    [
      'İstanbul ΣΑΣ Straße e\u0301',
      [328, 16384, 11231, 139, 225, 138, 109, 139, 480, 1894, 127, 253, 324, 4166],
    ],
    ['ĳs ŉ ǆ ﬆ ﬅ', [7337, 338, 262, 333, 67, 129, 378, 545, 129, 123, 339]],
    ['a\u0007b\u200bc\ufeffd \u3000 tab\tnew\nline', [3937, 9844, 4480, 14724, 686, 1148]],
    [
      "3.14 1,000 x_y-z it's we're I'll don'T'S",
      [
        274, 269, 272, 275, 272, 267, 271, 271, 271, 343, 318, 344, 268, 345, 585, 568, 649, 982, 328, 1342,
        847, 713, 568,
      ],
    ],
    [
      'emoji 😀👍🏽 नमस्ते العربية …–—•',
      [
        16327, 12832, 43722, 3124, 101, 48254, 28505, 19389, 27263, 25130, 12973, 18843, 10948, 16378, 12046,
        20915, 7095, 21070, 6718, 2701,
      ],
    ],
    ['<|startoftext|> hi <|endoftext|>', [49406, 1883, 49407]],
    ['   ', []],
  ])('of %j, without start and end', (text, tokens) => {
    expect(tokenizer.encode(text)).toEqual([49406, ...tokens, 49407]);
  });
});

describe('start, end and the context', () => {
  test('are CLIP’s', () => {
    expect(tokenizer).toMatchObject({ start: 49406, end: 49407, contextLength: 77 });
    expect(tokenizer.encode('')).toEqual([49406, 49407]);
    expect(tokenizer.encode('', { pad: true })).toHaveLength(77);
  });

  test('a text of 75 tokens fits, one of 76 is refused or cut', async () => {
    expect(tokenizer.encode('photo '.repeat(75))).toHaveLength(77);
    const long = 'photo '.repeat(76);
    expect(await refusal(() => tokenizer.encode(long))).toMatch(
      /text "photo photo .*…" has 78 tokens, CLIP reads at most 77; shorten it/,
    );
    expect(tokenizer.encode(long, { truncate: true })).toEqual(tokenizer.encode('photo '.repeat(75)));
  });

  test('may be another length', async () => {
    const short = await loadClipTokenizer(undefined, 5);
    expect(short.encode('Good photo.')).toHaveLength(5);
    expect(await refusal(() => short.encode('A good photo.'))).toMatch(/6 tokens.*at most 5/);
  });
});

describe('vocabularies that are no CLIP’s are refused', () => {
  test('pairs of what is not made yet', async () => {
    const line = await refusal(() => createClipTokenizer([['th', 'e</w>']]));
    expect(line).toMatch(/joins "th" and "e<\/w>" \(pair 1\) before it has made them/);
  });

  test('symbols that do not end words', async () => {
    expect(await refusal(() => createClipTokenizer([['t', 'h']]))).toMatch(/another model's/);
  });

  test('a small one of CLIP’s kind is welcome', async () => {
    const tiny = await createClipTokenizer([
      ['t', 'h'],
      ['th', 'e</w>'],
    ]);
    expect(tiny.encode('the')).toEqual([514, 513, 515]);
  });
});
