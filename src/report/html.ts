/** Text that is markup already and is not escaped again; only {@link html} and {@link trusted} make it. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Part[] | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Markup with values in it. Texts are escaped, for element content and for attributes in quotes alike; what is markup
 * already stays; lists are joined; `undefined` is nothing.
 *
 * @example
 * html`<p title="${name}">${lines.map((line) => html`${line}<br>`)}</p>`
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, i) => text + partText(i < parts.length ? parts[i] : '')).join('') };
}

/** Declares a text to be markup: only for text that this program made. */
export function trusted(markup: string): Markup {
  return { markup };
}

function partText(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'markup' in part ? part.markup : part.map(partText).join('');
}

/** Control characters, which XML and HTML do not allow, become spaces. */
function escaped(text: string): string {
  return text
    .replace(/[^\P{Cc}\n\t]/gu, ' ')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
