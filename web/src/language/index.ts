import { de } from './de.js';
import { en, type Strings } from './en.js';
import { isLanguage, type Language } from './languages.js';

export { isLanguage, type Language, languages } from './languages.js';

const tables: Readonly<Record<Language, Strings>> = { en, de };

let current: Language = 'en';

/** The first of the browser's languages that the page speaks. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const [name = ''] = tag.split('-');
    if (isLanguage(name)) return name;
  }
  return 'en';
}

export const language = (): Language => current;

/** What the page says now. */
export const say = (): Strings => tables[current];

/** A number as people write it. */
export const numberText = (value: number, digits = 0): string =>
  new Intl.NumberFormat(current, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    value,
  );

/** The text of a key that needs nothing to be filled in. */
function plain(key: string | undefined): string | undefined {
  const text = Object.entries(say()).find(([name]) => name === key)?.[1];
  return typeof text === 'string' ? text : undefined;
}

/** Where elements of the page say which text is theirs: in them, as their name, and as what is shown to the mouse. */
function translate(element: HTMLElement | SVGElement): void {
  const { say: text, name, hint } = element.dataset;
  const [words, label, title] = [plain(text), plain(name), plain(hint)];
  if (words !== undefined) element.textContent = words;
  if (label !== undefined) element.ariaLabel = label;
  if (title !== undefined && element instanceof HTMLElement) element.title = title;
}

/** Speaks a language from now on, in all that stands on the page. */
export function speak(chosen: Language): void {
  current = chosen;
  document.documentElement.lang = chosen;
  for (const element of document.querySelectorAll<HTMLElement | SVGElement>(
    '[data-say], [data-name], [data-hint]',
  ))
    translate(element);
}
