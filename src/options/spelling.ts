/** Words of options by their American spelling. */
const british = {
  optimizer: 'optimiser',
  license: 'licence',
  color: 'colour',
  gray: 'grey',
  standardize: 'standardise',
  normalize: 'normalise',
  normalization: 'normalisation',
  Normalization: 'Normalisation',
  quantize: 'quantise',
} as const;
type British = typeof british;

/** A name as Americans spell it; `never` where they spell it alike. */
export type American<Name> = {
  [Word in keyof British]: Name extends `${infer Start}${British[Word]}${infer End}`
    ? `${Start}${Word}${End}`
    : never;
}[keyof British];

/** A name or a value in British spelling. */
export function britishOf(name: string): string {
  return Object.entries(british).reduce((text, [american, word]) => text.replace(american, word), name);
}

/** The American spelling of a name, where that is another one. */
export function americanOf(name: string): string | undefined {
  const text = Object.entries(british).reduce((so, [american, word]) => so.replace(word, american), name);
  return text === name ? undefined : text;
}
