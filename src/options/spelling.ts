/** Words of options by their American spelling. */
const british = {
  optimizer: 'optimiser',
  license: 'licence',
  color: 'colour',
  gray: 'grey',
  standardize: 'standardise',
  normalize: 'normalise',
  normalization: 'normalisation',
  quantize: 'quantise',
} as const;
type British = typeof british;

/** A name as Americans spell it; `never` where they spell it alike. */
export type American<Name> = {
  [Word in keyof British]: Name extends `${infer Start}${British[Word]}${infer End}`
    ? `${Start}${Word}${End}`
    : Name extends `${infer Start}${Capitalize<British[Word]>}${infer End}`
      ? `${Start}${Capitalize<Word>}${End}`
      : never;
}[keyof British];

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The pairs of words, alone and as they stand inside of names: `color` and `Color`. */
const pairs: readonly (readonly [american: string, british: string])[] = Object.entries(british).flatMap(
  ([american, word]) => [[american, word] as const, [capital(american), capital(word)] as const],
);

/** A name in British spelling. */
export function britishOf(name: string): string {
  return pairs.reduce((text, [american, word]) => text.replace(american, word), name);
}

/** The American spelling of a name, where that is another one. */
export function americanOf(name: string): string | undefined {
  const text = pairs.reduce((so, [american, word]) => so.replace(word, american), name);
  return text === name ? undefined : text;
}
