import { sha256 } from '../../dist/web/kept/sha256.js';
import { LEARNINGS, StoredFolder } from '../../dist/web/kept/storage.js';
import { withLock } from './with-lock.js';

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

/** A learning that was interrupted. */
export interface Interrupted {
  readonly files: readonly File[];
  /** Tells it from others. */
  readonly id: string;
}

/** The list of the pictures that are kept, which tells learnings apart; empty where there is none. */
async function keptList(): Promise<string> {
  const folder = await StoredFolder.open(FOLDER).catch(() => undefined);
  return new TextDecoder().decode(await folder?.read(LIST));
}

const isListed = (one: unknown): one is Listed =>
  typeof one === 'object' && one !== null && 'name' in one && 'type' in one && 'hash' in one;

function listedIn(text: string): readonly Listed[] {
  const list: unknown = text === '' ? [] : JSON.parse(text);
  return Array.isArray(list) ? list.filter(isListed) : [];
}

/**
 * Keeps the pictures of a learning, by their hashes, for when its tab is closed: the page cannot open them again by itself. Another
 * that was kept is let go once these are there, and stays where they cannot be kept.
 *
 * @returns what tells it from others
 * @throws DOMException where there is no room, or storage is refused
 */
export async function keepPictures(files: readonly File[]): Promise<string> {
  const folder = await StoredFolder.open(FOLDER);
  const earlier = await keptList();
  const list: Listed[] = [];
  try {
    for (const file of files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const hash = await sha256(bytes);
      // Written whole or not at all: of the same length it is the same.
      if ((await folder.read(hash))?.length !== bytes.length) await folder.write(hash, bytes);
      list.push({ name: file.name, type: file.type, hash });
    }
    await folder.write(LIST, new TextEncoder().encode(JSON.stringify(list)));
  } catch (error) {
    const theirs = new Set(listedIn(earlier).map(({ hash }) => hash));
    for (const { hash } of list) if (!theirs.has(hash)) await folder.remove(hash);
    throw error;
  }
  const id = JSON.stringify(list);
  if (id !== earlier) await StoredFolder.clear(LEARNINGS);
  await StoredFolder.clear(FOLDER, [LIST, ...list.map(({ hash }) => hash)]);
  return id;
}

/** Lets a learning go, its pictures and where it stands, as it came to an end; another stays. */
export async function dropLearning(id: string): Promise<void> {
  if ((await keptList()) !== id) return;
  await StoredFolder.clear(FOLDER);
  await StoredFolder.clear(LEARNINGS);
}

/** Lets a learning go that no tab is at. */
export async function discardLearning(id: string): Promise<void> {
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await dropLearning(id);
  });
}

/** Whether a tab learns. */
async function isLearningAnywhere(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === LOCK);
}

/** Resolves once no tab learns: a tab that is closed lets go only after a while. */
export async function whenNoneLearns(): Promise<void> {
  await navigator.locks.request(LOCK, { mode: 'shared' }, () => undefined);
}

/**
 * The learning that was interrupted; none where there is none, or the browser has cleared its pictures.
 *
 * @returns `elsewhere` where a tab is at it
 */
export async function interruptedLearning(): Promise<Interrupted | 'elsewhere' | undefined> {
  try {
    if (await isLearningAnywhere()) return 'elsewhere';
    const folder = await StoredFolder.open(FOLDER);
    const id = await keptList();
    const files: File[] = [];
    for (const { name, type, hash } of listedIn(id)) {
      const bytes = await folder.read(hash);
      if (bytes === undefined || (await sha256(bytes)) !== hash) return undefined;
      files.push(new File([bytes], name, { type }));
    }
    return files.length === 0 ? undefined : { files, id };
  } catch {
    return undefined;
  }
}

/** Works as the one tab that learns. */
export async function asLearner(work: () => Promise<void>): Promise<void> {
  await withLock(LOCK, work);
}
