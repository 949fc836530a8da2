import { sha256 } from '../../dist/web/kept/sha256.js';
import { StoredFolder } from '../../dist/web/kept/storage.js';

/** The folder, in the browser's own storage, of the pictures of a learning that is under way, and the file that lists them. */
const FOLDER = 'run';
const LIST = 'pictures.json';

/** What a tab holds while it learns: its pictures are not offered to others. */
const LOCK = 'revela learning';

interface Listed {
  readonly name: string;
  readonly type: string;
  /** SHA-256, which names the file. */
  readonly hash: string;
}

/**
 * Keeps the pictures of a learning, by their hashes, for when its tab is closed: the page cannot open them again by itself.
 *
 * @throws DOMException where there is no room, or storage is refused
 */
export async function keepPictures(files: readonly File[]): Promise<void> {
  await dropPictures();
  const folder = await StoredFolder.open(FOLDER);
  const list: Listed[] = [];
  try {
    for (const file of files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const hash = await sha256(bytes);
      await folder.write(hash, bytes);
      list.push({ name: file.name, type: file.type, hash });
    }
    await folder.write(LIST, new TextEncoder().encode(JSON.stringify(list)));
  } catch (error) {
    await dropPictures();
    throw error;
  }
}

/** Lets the pictures go, as learning came to an end. */
export async function dropPictures(): Promise<void> {
  const folder = await StoredFolder.open(FOLDER).catch(() => undefined);
  await folder?.remove(LIST);
  for (const name of (await folder?.names().catch(() => [])) ?? []) await folder?.remove(name);
}

const isListed = (one: unknown): one is Listed =>
  typeof one === 'object' && one !== null && 'name' in one && 'type' in one && 'hash' in one;

function listedIn(bytes: Uint8Array | undefined): readonly Listed[] {
  const list: unknown = bytes === undefined ? [] : JSON.parse(new TextDecoder().decode(bytes));
  return Array.isArray(list) ? list.filter(isListed) : [];
}

/** The pictures of a learning that was interrupted; none where there is none, another tab is at it, or the browser has cleared them. */
export async function interruptedPictures(): Promise<readonly File[]> {
  try {
    const { held = [] } = await navigator.locks.query();
    if (held.some(({ name }) => name === LOCK)) return [];
    const folder = await StoredFolder.open(FOLDER);
    const files: File[] = [];
    for (const { name, type, hash } of listedIn(await folder.read(LIST))) {
      const bytes = await folder.read(hash);
      if (bytes === undefined || (await sha256(bytes)) !== hash) return [];
      files.push(new File([bytes], name, { type }));
    }
    return files;
  } catch {
    return [];
  }
}

/** Works as the one tab that learns. */
export async function asLearner(work: () => Promise<void>): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request(LOCK, work);
  else await work();
}
