import { decodeHTML, decodeHTMLStrict } from 'entities/decode';

/** Characters that a byte encoding of East Asian text had twice, and the wide space. */
const WIDE = /[\uff01-\uffef\u3000]/g;
/** Letters written as one character for the looks or for another encoding's sake. */
const LIGATURES = /[\u0132\u0133\u0149\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb04\ufb06]/g;
/** Long s and t; NFKC would make the s a short one. */
const LONG_S_AND_T = /\ufb05/g;
const SINGLE_QUOTES = /[\u02bc\u2018-\u201b]/g;
const DOUBLE_QUOTES = /[\u201c-\u201f]/g;
/** Characters that steer and do not show. White space is dealt with later. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001f\u007f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;

const compatible = (character: string): string => character.normalize('NFKC');

/** Straight quotes, plain letters, one way to write an accent: of what ftfy does for CLIP, all but repairing text read in a wrong encoding. */
function plain(text: string): string {
  // Where there are no tags, entities were meant as characters.
  const decoded = text.includes('<') ? text : decodeHTMLStrict(text);
  return decoded
    .replace(LIGATURES, compatible)
    .replace(LONG_S_AND_T, '\u017ft')
    .replace(WIDE, compatible)
    .replace(SINGLE_QUOTES, "'")
    .replace(DOUBLE_QUOTES, '"')
    .replace(CONTROLS, '')
    .normalize('NFC');
}

/**
 * A text as CLIP's tokenizer takes it: plain characters, HTML entities decoded (twice, as the original does), white space
 * made single spaces and none at the ends, lower case.
 *
 * The original repairs the text with the library ftfy first. Here the same is done but for text that was read in a wrong
 * encoding (`cafÃ©` stays as it is), and for escape sequences of terminals.
 *
 * @example
 * cleanText('A “Good”  photo &amp; more'); // a "good" photo & more
 */
export function cleanText(text: string): string {
  return decodeHTML(decodeHTML(plain(text)))
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
