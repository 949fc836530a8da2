/** What file managers put into every folder that is looked at. */
const names: ReadonlySet<string> = new Set(['.ds_store', 'thumbs.db', 'desktop.ini', '.directory']);

/**
 * Whether a file is one that a file manager makes by itself (`.DS_Store`, `Thumbs.db`, …): a folder that holds nothing else
 * is empty to people.
 *
 * @example
 * isSystemFile('.DS_Store'); // true
 */
export function isSystemFile(name: string): boolean {
  return names.has(name.toLowerCase());
}
