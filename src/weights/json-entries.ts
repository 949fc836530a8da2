import type { Allowance } from '../allowance.js';

/** A JSON value with what `JSON.parse` would lose of it: an object is a list of its entries. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonEntries;

/** The entries of a JSON object in the order of the text, a name that stands twice being there twice. */
export class JsonEntries {
  constructor(readonly entries: readonly (readonly [name: string, value: JsonValue])[]) {}
}

const deepest = 16;

/**
 * Reads JSON and keeps the order and the repetition of names, which `JSON.parse` does not (it puts names such as
 * `0` first, and lets the last of two equal ones win).
 *
 * @param allowance what the values and names may cost
 * @throws SyntaxError where the text is no JSON, or nested deeper than 16
 * @throws RevelaError where it costs more than the allowance
 */
export function parseJsonEntries(text: string, allowance: Pick<Allowance, 'spend'>): JsonValue {
  let at = 0;

  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  }

  /** Takes one character, and the blanks around it, if it comes next. */
  function accept(character: string): boolean {
    take(blanks);
    if (text[at] !== character) return false;
    at += 1;
    take(blanks);
    return true;
  }

  function fail(expected: string): SyntaxError {
    return new SyntaxError(`expected ${expected} at character ${at}`);
  }

  /** `item`s between commas, up to the closing bracket. */
  function list<Item>(closing: string, item: () => Item): Item[] {
    const items: Item[] = [];
    if (accept(closing)) return items;
    do items.push(item());
    while (accept(','));
    if (!accept(closing)) throw fail(`a comma or ${closing}`);
    return items;
  }

  function string(): string {
    const end = endOfString(text, at);
    if (end === undefined) throw fail('a string');
    const quoted = text.slice(at, end);
    at = end;
    allowance.spend(1);
    try {
      return String(JSON.parse(quoted));
    } catch {
      throw fail('a string without bare control characters and unknown escapes before');
    }
  }

  function value(depth: number): JsonValue {
    if (depth > deepest) throw fail(`at most ${deepest} levels`);
    allowance.spend(1);
    if (accept('{')) {
      return new JsonEntries(
        list('}', () => {
          const name = string();
          if (!accept(':')) throw fail('a colon');
          return [name, value(depth + 1)] as const;
        }),
      );
    }
    if (accept('[')) return list(']', () => value(depth + 1));
    if (text[at] === '"') return string();
    const word = take(numberOrWord);
    if (word === undefined) throw fail('a value');
    if (word === 'null') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    return Number(word);
  }

  take(blanks);
  const whole = value(1);
  take(blanks);
  if (at < text.length) throw fail('the end');
  return whole;
}

const blanks = /[ \t\n\r]*/y;
const numberOrWord = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Past the closing quote of the string that begins at a place; `undefined` if none begins or it does not end. */
function endOfString(text: string, start: number): number | undefined {
  if (text[start] !== '"') return undefined;
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (character === '"') return at + 1;
    if (character === '\\') at += 1; // whatever follows is no end
  }
  return undefined;
}
