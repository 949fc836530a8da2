import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./web/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const modules = ['main', 'client', 'elements', 'form', 'json', 'parts', 'view'].map((name) => `${name}.js`);

/** The look of the other page, which imports its parts. */
const styles = ['page', 'view', 'controls', 'ranking', 'learning', 'pictures', 'elements', 'narrow'];

/** The files of the page for trying the service, by where they are asked for. The build lays them in one folder. */
const files: ReadonlyMap<string, string> = new Map([
  ['/', 'index.html'],
  ...[...modules, 'style.css', ...styles.map((name) => `style/${name}.css`), 'page.css', 'icon.svg'].map(
    (name): [string, string] => [`/page/${name}`, name],
  ),
]);

/** The paths at which the page is. */
export const pagePaths: readonly string[] = [...files.keys()];

/** What the page may do: nothing with other hosts, and nobody else may frame it. */
const policy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self' blob:", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

/** A file of the page, by its path. */
export async function pageFile(path: string): Promise<Response> {
  const name = files.get(path) ?? '';
  return new Response(Uint8Array.from(await readFile(`${folder}${name}`)), {
    headers: {
      'Content-Type': types[extname(name)] ?? 'application/octet-stream',
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-cache',
    },
  });
}
