import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { object, record, safeParse, string, unknown } from 'valibot';
import { RevelaError } from '../errors.js';
import { fileError } from '../file-errors.js';
import type { OpenFile } from './open-file.js';

/** The list of the parts: which tensor lies where. */
const index = object({ weight_map: record(string(), unknown()) });

/** What the ends of the names of large weights' parts say: `model-00001-of-00003.safetensors`. */
const partName = /^(.+)-(\d{5})-of-(\d{5})\.(safetensors|bin|pth|pt)$/;

/**
 * The file by which weights that are cut into several are read, among the names in a folder: the list of them, otherwise the
 * first of them; undefined where there are none, or several.
 *
 * @example
 * partsIn(['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']); // the first
 */
export function partsIn(names: readonly string[]): string | undefined {
  const lists = names.filter((name) => /\.(safetensors|bin|pth|pt)\.index\.json$/.test(name));
  const firsts = names.filter((name) => Number(partName.exec(name)?.[2]) === 1);
  const [only, ...more] = lists.length > 0 ? lists : firsts;
  return more.length > 0 ? undefined : only;
}

/**
 * The files of weights that are cut into several, from the list of them, such as `model.safetensors.index.json`.
 *
 * @returns their paths, and the names of all tensors
 * @throws RevelaError if it is no such list
 */
export async function partsOfIndex(
  file: OpenFile,
): Promise<{ readonly paths: readonly string[]; readonly names: ReadonlySet<string> }> {
  const wrong = (why: string): RevelaError =>
    new RevelaError(`${file.name} is no list of parts of weights: ${why}; copy or download it again`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await file.read(0, file.size)));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) throw wrong('it is not JSON');
    throw error;
  }
  const { success, output } = safeParse(index, value);
  if (!success) throw wrong('it has no weight_map');
  const { weight_map: map } = output;
  const parts = new Set<string>();
  for (const part of Object.values(map)) {
    // A part lies beside its list: what leads elsewhere is none.
    if (
      typeof part !== 'string' ||
      part === '' ||
      basename(part) !== part ||
      part.includes('\\') ||
      part === '..'
    )
      throw wrong('it names a part that is no file beside it');
    parts.add(part);
  }
  if (parts.size === 0) throw wrong('it names no part');
  const folder = dirname(file.name);
  const found = new Set(await readdir(folder).catch(() => [...parts])); // whoever reads them says what is wrong
  const missing = [...parts].filter((part) => !found.has(part));
  if (missing.length > 0)
    throw new RevelaError(
      `${file.name} names ${parts.size} parts of weights, and ${missing.slice(0, 3).join(', ')} ${missing.length > 1 ? `(${missing.length} of them) are` : 'is'} not beside it; download all of them`,
    );
  return { paths: [...parts].map((part) => join(folder, part)), names: new Set(Object.keys(map)) };
}

/**
 * All files of weights of which one was named, by their numbers; undefined where the name is not that of a part.
 *
 * @throws RevelaError if one is missing
 */
export async function partsBeside(path: string): Promise<readonly string[] | undefined> {
  const [, name, , total, end] = partName.exec(basename(path)) ?? [];
  if (name === undefined || total === undefined || Number(total) < 2) return undefined;
  const folder = dirname(path);
  const found = new Set(
    await readdir(folder).catch((error: unknown) => {
      throw fileError(`cannot read ${folder}`, error);
    }),
  );
  const parts = Array.from(
    { length: Math.min(Number(total), found.size + 1) },
    (_, i) => `${name}-${String(i + 1).padStart(5, '0')}-of-${total}.${end}`,
  );
  const missing = parts.find((part) => !found.has(part));
  if (missing !== undefined)
    throw new RevelaError(
      `${path} is one of ${Number(total)} parts of weights, and ${missing} is not beside it; download all of them`,
    );
  return parts.map((part) => join(folder, part));
}
