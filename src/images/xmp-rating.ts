import { withoutProperties, withProperty } from './xmp.js';

/** Stars from 0, or -1 for a rejected picture. */
export type Rating = -1 | 0 | 1 | 2 | 3 | 4 | 5;

const namespace = { prefix: 'xmp', uri: 'http://ns.adobe.com/xap/1.0/' } as const;

const empty = `<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Revela">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""/>
 </rdf:RDF>
</x:xmpmeta>
`;

/**
 * XMP with a rating (`xmp:Rating`); all else that it says stays as it is.
 *
 * @param text one character a byte; default: XMP that says nothing else
 * @returns `undefined` for a text that is no XMP
 *
 * @example
 * ratedXmp(5); // … xmp:Rating="5" …
 */
export function ratedXmp(rating: Rating, text: string = empty): string | undefined {
  // The namespace may go by other names, as by `xap` in old files.
  const prefixes = [...text.matchAll(/xmlns:([\w-]+)\s*=\s*["']([^"']*)["']/g)].flatMap(
    ([, prefix = '', stated]) => (stated === namespace.uri ? [prefix] : []),
  );
  const names = new Set([...prefixes, namespace.prefix].map((prefix) => `${prefix}:Rating`));
  const rest = withoutProperties(text, (name) => names.has(name));
  return withProperty(rest, namespace, `${namespace.prefix}:Rating`, String(rating));
}
