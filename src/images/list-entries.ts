import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../file-errors.js';

/** An entry of a folder. */
export interface Entry {
  /** With `?` in place of what is no UTF-8. */
  readonly name: string;
  readonly path: string;
  /** `linked`: a link to a folder; `broken`: a link to nothing; `nameless`: of a name that is no UTF-8, by which it cannot be opened. */
  readonly kind: 'file' | 'folder' | 'linked' | 'broken' | 'nameless' | 'other';
}

/**
 * The entries of a folder that are not hidden. They are read by the bytes of their names, so that one that is no UTF-8 is
 * told rather than missed.
 *
 * @throws RevelaError if the folder cannot be read
 */
export async function listEntries(folder: string): Promise<readonly Entry[]> {
  const found = await readdir(folder, { encoding: 'buffer', withFileTypes: true }).catch((error: unknown) => {
    throw fileError(`cannot read ${folder}`, error);
  });
  const entries: Entry[] = [];
  for (const entry of found) {
    const text = entry.name.toString('utf8');
    if (text.startsWith('.')) continue;
    const named = Buffer.from(text).equals(entry.name);
    const name = named ? text : text.replaceAll('\u{fffd}', '?');
    const path = join(folder, name);
    const kind = !named
      ? 'nameless'
      : entry.isSymbolicLink()
        ? await kindOfTarget(path)
        : entry.isDirectory()
          ? 'folder'
          : entry.isFile()
            ? 'file'
            : 'other';
    entries.push({ name, path, kind });
  }
  return entries;
}

async function kindOfTarget(link: string): Promise<Entry['kind']> {
  const facts = await stat(link).catch(() => undefined);
  if (facts === undefined) return 'broken';
  return facts.isDirectory() ? 'linked' : facts.isFile() ? 'file' : 'other';
}
