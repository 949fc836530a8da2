import { expect } from 'vitest';

/** An element with what is in it. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | string)[];
}

const empty = new Set(['meta', 'br', 'img', 'input']);
const token =
  /<!doctype html>|<!--[\s\S]*?-->|<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>|([^<]+)/g;

/**
 * Parses a page strictly: every element is closed in its turn, every attribute is quoted, and no `<` stands anywhere
 * else. Fails where that does not hold.
 */
export function parsePage(page: string): Element {
  const root: Element = { name: '', attributes: new Map(), children: [] };
  const open: Element[] = [root];
  let end = 0;
  for (const match of page.matchAll(token)) {
    if (match.index !== end) expect.fail(`no markup: ${page.slice(end, end + 80)}`);
    end += match[0].length;
    const [, slash, name, attributes = '', selfClosing, text] = match;
    const parent = open.at(-1) ?? root;
    if (text !== undefined) parent.children.push(decoded(text));
    if (name === undefined) continue;
    if (slash === '/') {
      expect(name).toBe(open.pop()?.name);
      continue;
    }
    const element: Element = { name, attributes: attributesOf(attributes), children: [] };
    parent.children.push(element);
    if (selfClosing !== '/' && !empty.has(name)) open.push(element);
  }
  expect(end).toBe(page.length);
  expect(open).toEqual([root]);
  return root;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const pairs = [...text.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(
    ([, name = '', value = '']) => [name, decoded(value)] as const,
  );
  expect(new Set(pairs.map(([name]) => name)).size).toBe(pairs.length);
  return new Map(pairs);
}

const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decoded(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const character = characters[name];
    if (character === undefined || !whole.endsWith(';')) expect.fail(`unknown entity ${whole}`);
    return character;
  });
}

/** All elements of a name, in the order of the page. */
export function elementsOf(root: Element, name: string): readonly Element[] {
  return root.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...elementsOf(child, name)],
  );
}

/** What a reader sees of an element, with single spaces. */
export function textOf(element: Element): string {
  const text = (part: Element | string): string =>
    typeof part === 'string' ? part : part.children.map((child) => ` ${text(child)} `).join('');
  return text(element).replace(/\s+/g, ' ').trim();
}
