import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OptionError } from '../errors.js';

/** Weights that are named: a file or folder, and which state dict of it. */
export interface NamedWeights {
  readonly path: string;
  readonly key?: string;
}

/** What a name of weights means: one file, or shares of several that add up to 1. */
export type WeightsReference = readonly (NamedWeights & { readonly share: number })[];

/** Stands between a file and the state dict of it that is meant: `net.pth::params`. */
const beforeKey = '::';

/**
 * Reads a name of weights: `net.pth`, `net.pth::params` for one of its state dicts, or `a.pth=0.7,b.pth=0.3` for a blend.
 * Whatever exists under the whole name is meant by it.
 *
 * @throws OptionError for shares that are not from 0 to 1 or do not add up to 1
 *
 * @example
 * await weightsReference('a.pth=0.7,b.pth::params=0.3');
 * // [{ path: 'a.pth', share: 0.7 }, { path: 'b.pth', key: 'params', share: 0.3 }]
 */
export async function weightsReference(named: string): Promise<WeightsReference> {
  if (await exists(named)) return [{ path: named, share: 1 }];
  const parts = named.split(',').map((part) => /^(.+)=([^=]+)$/.exec(part.trim()));
  if (!named.includes('=') || parts.some((part) => part === null)) return [{ ...withKey(named), share: 1 }];
  const shares = parts.map((part) => ({
    ...withKey(part?.[1] ?? ''),
    share: Number(part?.[2]),
    text: part?.[2] ?? '',
  }));
  const wrong = shares.find(({ share, text }) => text.trim() === '' || !(share >= 0 && share <= 1));
  if (wrong !== undefined)
    throw new OptionError(
      `the share of ${wrong.path} must be a number from 0 to 1, got ${wrong.text}; blend as in a.pth=0.7,b.pth=0.3`,
    );
  const sum = shares.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-6)
    throw new OptionError(
      `the shares of ${named} add up to ${Number(sum.toFixed(6))}; they must add up to 1, as in a.pth=0.7,b.pth=0.3`,
    );
  return shares.map(({ text: _, ...part }) => part);
}

/** The name that means a reference. */
export function referenceText(reference: WeightsReference): string {
  const [only, ...more] = reference;
  if (only !== undefined && more.length === 0) return nameOf(only);
  return reference.map((part) => `${nameOf(part)}=${part.share}`).join(',');
}

const nameOf = ({ path, key }: NamedWeights): string =>
  key === undefined ? path : `${path}${beforeKey}${key}`;

/**
 * The same name with other paths in it, such as absolute ones.
 *
 * @example
 * await withPaths('a.pth=0.7,b.pth=0.3', (path) => `weights/${path}`); // 'weights/a.pth=0.7,weights/b.pth=0.3'
 */
export async function withPaths(
  named: string,
  pathOf: (path: string) => string | Promise<string>,
): Promise<string> {
  const parts = await weightsReference(named);
  return referenceText(
    await Promise.all(parts.map(async (part) => ({ ...part, path: await pathOf(part.path) }))),
  );
}

/** The name with absolute paths, by which it means the same in any folder. */
export const absoluteWeights = (named: string): Promise<string> => withPaths(named, (path) => resolve(path));

/**
 * The name with that state dict of each file that names none.
 *
 * @example
 * await withStateDict('net_g.pth', 'params_ema');
 */
export async function withStateDict(named: string, key: string | undefined): Promise<string> {
  if (key === undefined) return named;
  return referenceText((await weightsReference(named)).map((part) => ({ key, ...part })));
}

function withKey(text: string): NamedWeights {
  const at = text.lastIndexOf(beforeKey);
  if (at <= 0) return { path: text };
  const key = text.slice(at + beforeKey.length);
  return key === '' ? { path: text } : { path: text.slice(0, at), key };
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
