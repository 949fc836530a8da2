import type { WorkLine } from './progress-text.js';

const widestBar = 24;
const narrowestBar = 6;
const shortestLabel = 12;

/**
 * A line of at most `columns` columns: the bar takes what the words leave, and goes where that is too little; then the
 * label is cut, then the details.
 *
 * @param paint gives the two parts of the bar their colours
 */
export function fitLine(
  { label, share, details }: WorkLine,
  columns: number,
  paint: (text: string, done: boolean) => string,
): string {
  const roomForLabel = Math.max(shortestLabel, columns - widthOf(details) - 2);
  const shownLabel = cut(label, roomForLabel);
  const room = Math.min(widestBar, columns - widthOf(shownLabel) - widthOf(details) - 4);
  if (room < narrowestBar) return cut(`${shownLabel}  ${details}`, columns);
  const full = Math.round(room * Math.min(1, Math.max(0, share)));
  const bar = paint('━'.repeat(full), true) + paint('╌'.repeat(room - full), false);
  return `${shownLabel}  ${bar}  ${details}`;
}

/** Columns that a text takes: Chinese, Japanese and Korean characters and emoji two, marks on letters none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

function columnsOf(character: string): number {
  if (/\p{M}|\p{Cf}/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

/** A text with its end cut off where it is wider than `columns`. */
function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += columnsOf(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return columns < 1 ? '' : `${kept}…`;
}
