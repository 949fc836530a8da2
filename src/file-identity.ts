import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RevelaError } from './errors.js';

/** Folders that were asked about, and whether letters of either case mean the same in them. */
type CaseOfFolders = Map<string, Promise<boolean>>;

/**
 * What a path stands for: two paths with the same identity are one file, however they are written: through links, a bind
 * mount, or in letters of another case where the file system does not tell them apart. A name that does not exist yet is
 * known by the folder that it would stand in.
 *
 * @param known keep one for many paths, so that each folder is looked at once
 *
 * @example
 * await fileIdentity('photos/a.jpg') === await fileIdentity('link-to-photos/a.jpg'); // true
 */
export async function fileIdentity(path: string, known: CaseOfFolders = new Map()): Promise<string> {
  const own = await identityOfExisting(path);
  if (own !== undefined) return own;
  const folder = dirname(path);
  if (folder === path) return path;
  const name = basename(path).normalize('NFC');
  const ignores = known.get(folder) ?? ignoresCase(folder);
  known.set(folder, ignores);
  return `${await fileIdentity(folder, known)}/${(await ignores) ? name.toLowerCase() : name}`;
}

/**
 * Makes sure that no file to be written is one of those that it is made from.
 *
 * @param what what messages call one of these, such as `picture`
 * @throws RevelaError if it is
 *
 * @example
 * await checkReplacesNone(['model.safetensors'], await findPictures(['photos/']), 'picture');
 */
export async function checkReplacesNone(
  outputs: readonly string[],
  inputs: readonly string[],
  what: string,
): Promise<void> {
  const known: CaseOfFolders = new Map();
  const sources = new Map<string, string>();
  for (const input of inputs) sources.set(await fileIdentity(input, known), input);
  for (const output of outputs) {
    const input = sources.get(await fileIdentity(output, known));
    if (input === undefined) continue;
    const how = input === output ? '' : ', which it is by another name';
    throw new RevelaError(`${output} would replace the ${what} ${input}${how}; choose another output`);
  }
}

/** Device and inode, or the real path where the file system has none; `undefined` where nothing is. */
async function identityOfExisting(path: string): Promise<string | undefined> {
  const facts = await stat(path, { bigint: true }).catch(() => undefined);
  if (facts === undefined) return undefined;
  return facts.ino === 0n ? realpath(path) : `${facts.dev}:${facts.ino}`;
}

/** Whether a folder finds its entries by letters of the other case too; where nothing can be tried, it does not. */
async function ignoresCase(folder: string): Promise<boolean> {
  for (const [above, name] of await namesToTry(folder)) {
    const other = swapCase(name);
    if (other === name) continue;
    const [one, two] = await Promise.all([join(above, name), join(above, other)].map(identityOfExisting));
    return one !== undefined && one === two;
  }
  return false;
}

/** Some entries of a folder, then the folder itself in the one above it. */
async function namesToTry(folder: string): Promise<readonly (readonly [string, string])[]> {
  const names: (readonly [string, string])[] = [];
  const entries = await opendir(folder).catch(() => undefined);
  if (entries !== undefined)
    for await (const { name } of entries) if (names.push([folder, name]) === 20) break;
  const whole = await realpath(folder).catch(() => folder);
  return [...names, [dirname(whole), basename(whole)]];
}

function swapCase(text: string): string {
  return [...text]
    .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join('');
}
