/*
 * XMP is XML of one shape: <x:xmpmeta><rdf:RDF> with <rdf:Description> elements, whose attributes and children are the
 * properties. Here pieces are taken out of and put into its text; nothing is written anew, so that all else stays as it is.
 * A text has one character a byte, whatever it means: all that is looked for is ASCII.
 */

/** A property of a description, or a whole element: where it stands in the text. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface Element extends Span {
  readonly name: string;
  /** Where its start tag ends. */
  readonly inside: number;
  readonly children: readonly Element[];
}

/** Depth and number of elements beyond which a text is no XMP of a photograph. */
const limits = { depth: 100, elements: 200_000 } as const;

/** What is no element, by how it begins and ends. */
const asides = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<![CDATA[', ']]>'],
] as const;

/** The elements of a text, each with those inside it; `undefined` if it is no well-formed XML. */
function elementsOf(text: string): readonly Element[] | undefined {
  const tag = /<(\/?)([^\s/>!?<]+)((?:"[^"]*"|'[^']*'|[^"'<>])*?)(\/?)>/y;
  type Open = { name: string; from: number; inside: number; children: Element[] };
  const stack: Open[] = [{ name: '', from: 0, inside: 0, children: [] }];
  let count = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const top = stack.at(-1);
    if (top === undefined || ++count > limits.elements || stack.length > limits.depth) return undefined;
    const aside = asides.find(([begin]) => text.startsWith(begin, at));
    if (aside !== undefined) {
      const end = text.indexOf(aside[1], at + aside[0].length);
      if (end < 0) return undefined;
      at = end + aside[1].length;
      continue;
    }
    tag.lastIndex = at;
    const [whole = '', closing, name = '', , empty] = tag.exec(text) ?? [];
    if (whole === '') return undefined;
    const from = at;
    at += whole.length;
    if (closing === '/') {
      stack.pop();
      if (top.name !== name) return undefined;
      stack.at(-1)?.children.push({ ...top, to: at });
    } else if (empty === '/') top.children.push({ name, from, inside: at, to: at, children: [] });
    else stack.push({ name, from, inside: at, children: [] });
  }
  return stack.length === 1 ? stack[0]?.children : undefined;
}

/** The descriptions of a text. */
function descriptionsOf(text: string): readonly Element[] {
  const find = (elements: readonly Element[]): readonly Element[] =>
    elements.flatMap((element) =>
      element.name === 'rdf:RDF'
        ? element.children.filter(({ name }) => name === 'rdf:Description')
        : element.name.endsWith('xmpmeta')
          ? find(element.children)
          : [],
    );
  return find(elementsOf(text) ?? []);
}

function without(text: string, spans: readonly Span[]): string {
  let kept = '';
  let at = 0;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    if (from < at) continue;
    kept += text.slice(at, from);
    at = to;
  }
  return kept + text.slice(at);
}

/** The text without the attributes and elements that have a name. */
export function withoutProperties(text: string, isGone: (name: string) => boolean): string {
  const plain = text.replace(/\s([\w-]+:[\w-]+)\s*=\s*(?:"[^"]*"|'[^']*')/g, (whole: string, name: string) =>
    isGone(name) ? '' : whole,
  );
  const gone: Element[] = [];
  const walk = (elements: readonly Element[]): void => {
    for (const element of elements)
      if (isGone(element.name)) gone.push(element);
      else walk(element.children);
  };
  walk(elementsOf(plain) ?? []);
  return without(plain, gone);
}

/** What files hold beside their picture, as XMP claims it: by the names of its properties and what people call it. */
const companions: readonly (readonly [RegExp, string])[] = [
  [/^hdrgm:|^HDRGainMap:|^apdi:/, 'the gain map (HDR)'],
  [/^GCamera:(MicroVideo|MotionPhoto)/, 'the video (motion photo)'],
  [/^GDepth:|^Device:/, 'the depth map'],
];

/** What the meaning of an item of a container is called. */
const meanings: Readonly<Record<string, string>> = {
  GainMap: 'the gain map (HDR)',
  RecoveryMap: 'the gain map (HDR)',
  MotionPhoto: 'the video (motion photo)',
  Depth: 'the depth map',
};

/**
 * XMP without what it claims of pictures and videos that stood beside the picture in its file; everything else stays.
 *
 * @returns the text, and what those were, for people
 */
export function withoutCompanions(text: string): { readonly text: string; readonly gone: readonly string[] } {
  const gone = new Set<string>();
  const stated = withoutProperties(text, (name) => {
    const found = companions.find(([names]) => names.test(name));
    if (found !== undefined && found[1] !== 'the depth map') gone.add(found[1]);
    return found !== undefined && found[1] !== 'the depth map';
  });
  const items: Element[] = [];
  const walk = (elements: readonly Element[]): void => {
    for (const element of elements) {
      const own = stated.slice(element.from, element.to);
      const isItem = element.name === 'rdf:li' && /Item:Semantic/.test(own);
      const meaning = /Item:Semantic(?:\s*=\s*["']|>\s*)(\w+)/.exec(own)?.[1];
      if (isItem && meaning !== 'Primary') {
        items.push(element);
        gone.add(meanings[meaning ?? ''] ?? 'a second picture');
      } else if (!isItem) walk(element.children);
    }
  };
  walk(elementsOf(stated) ?? []);
  return { text: without(stated, items), gone: [...gone] };
}

const orientation = /(tiff:Orientation(?:\s*=\s*["']|>\s*))([1-8])/g;

/** How XMP says that the pixels lie, as EXIF numbers it; `undefined` if it does not. */
export function orientationInXmp(text: string): number | undefined {
  for (const [, , value] of text.matchAll(orientation)) return Number(value);
  return undefined;
}

/** XMP that says that the pixels are upright. */
export function uprightXmp(text: string): string {
  return text.replace(orientation, (_, start: string) => `${start}1`);
}

/** XMP and what stood in an extension of it, as one; `undefined` if they do not fit together. */
export function mergedXmp(main: string, extension: string): string | undefined {
  const added = descriptionsOf(extension).map(({ from, to }) => extension.slice(from, to));
  const plain = withoutExtension(main);
  const last = descriptionsOf(plain).at(-1);
  if (added.length === 0 || last === undefined) return undefined;
  // The prefixes of an extension are declared around its descriptions, where they are not in them.
  const around = extension.slice(0, descriptionsOf(extension)[0]?.from);
  const outer = [...around.matchAll(/\sxmlns:([\w-]+)\s*=\s*(?:"[^"]*"|'[^']*')/g)];
  const declared = added.map((description) =>
    outer.reduce(
      (whole, [declaration, prefix]) =>
        prefix === 'rdf' || prefix === 'x' || new RegExp(`^<[^>]*xmlns:${prefix}\\s*=`).test(whole)
          ? whole
          : whole.replace('<rdf:Description', `<rdf:Description${declaration}`),
      description,
    ),
  );
  return `${plain.slice(0, last.to)}${declared.join('')}${plain.slice(last.to)}`;
}

const empty =
  '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>';

/**
 * XMP with one more description, of the same subject as the others.
 *
 * @param text empty for none
 * @param attributes of the description, each with a space before it
 * @returns `undefined` if the text is no XMP
 */
export function xmpWith(text: string, attributes: string): string | undefined {
  const whole = text.trim() === '' ? empty : text;
  const last = descriptionsOf(whole).at(-1);
  if (last === undefined) return undefined;
  const about = /\srdf:about\s*=\s*(?:"[^"]*"|'[^']*')/.exec(whole.slice(last.from, last.inside))?.[0] ?? '';
  return `${whole.slice(0, last.to)}<rdf:Description${about || ' rdf:about=""'}${attributes}/>${whole.slice(last.to)}`;
}

const extensionName = 'xmpNote:HasExtendedXMP';
const noteNamespace = { prefix: 'xmpNote', uri: 'http://ns.adobe.com/xmp/note/' } as const;

/** XMP that claims no extension. */
export function withoutExtension(text: string): string {
  return withoutProperties(text, (name) => name === extensionName);
}

/** The identity of the extension that XMP claims. */
export function extensionOf(text: string): string | undefined {
  return /xmpNote:HasExtendedXMP(?:\s*=\s*["']|>\s*)([0-9A-Fa-f]{32})/.exec(text)?.[1];
}

/**
 * XMP in two parts, the first of which has `most` bytes at most: its largest properties go into the second.
 *
 * @param identify gives the identity of the second part, by which the first names it
 * @returns `undefined` where that cannot be done
 */
export function splitXmp(
  text: string,
  most: number,
  identify: (extension: string) => string,
): { readonly main: string; readonly extension: string } | undefined {
  const properties = descriptionsOf(text).flatMap((description) =>
    description.children.map((child) => ({
      ...child,
      start: text.slice(description.from, description.inside),
    })),
  );
  const moved: (typeof properties)[number][] = [];
  let bytes = text.length + 200;
  for (const property of [...properties].sort((a, b) => b.to - b.from - (a.to - a.from))) {
    if (bytes <= most) break;
    moved.push(property);
    bytes -= property.to - property.from;
  }
  if (bytes > most || moved.length === 0) return undefined;
  const declarations = (start: string): string =>
    [...start.matchAll(/\sxmlns:[\w-]+\s*=\s*(?:"[^"]*"|'[^']*')/g)].map(([whole]) => whole).join('');
  const outer = declarations(text.slice(0, descriptionsOf(text)[0]?.from));
  const descriptions = moved.map(
    ({ from, to, start }) =>
      `<rdf:Description rdf:about=""${declarations(start)}>${text.slice(from, to)}</rdf:Description>`,
  );
  const extension = `<x:xmpmeta${outer.includes('xmlns:x=') ? '' : ' xmlns:x="adobe:ns:meta/"'}${outer.replace(/\sxmlns:rdf\s*=\s*(?:"[^"]*"|'[^']*')/, '')}><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${descriptions.join('')}</rdf:RDF></x:xmpmeta>`;
  const main = withProperty(without(text, moved), noteNamespace, extensionName, identify(extension));
  return main === undefined ? undefined : { main, extension };
}

/**
 * XMP with one more property, which it does not have yet; `undefined` where there is no description to put it into.
 *
 * @param namespace of the property: its prefix, and what that stands for
 */
export function withProperty(
  text: string,
  { prefix, uri }: { readonly prefix: string; readonly uri: string },
  name: string,
  value: string,
): string | undefined {
  const place = descriptionsOf(text)[0];
  if (place === undefined) return undefined;
  const at = place.from + '<rdf:Description'.length;
  const declared = text.slice(place.from, place.inside).includes(`xmlns:${prefix}=`);
  const declaration = declared ? '' : ` xmlns:${prefix}="${uri}"`;
  return `${text.slice(0, at)}${declaration} ${name}="${value}"${text.slice(at)}`;
}
