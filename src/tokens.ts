import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { OptionError } from './errors.js';
import { fileError } from './file-errors.js';

/** The tokens that let in, by whom they were given to. */
export type Tokens = ReadonlyMap<string, string>;

/** Shorter ones are guessed. */
const SHORTEST = 16;

/**
 * Reads tokens from a file: a line each, `NAME TOKEN`; lines that are empty or begin with `#` are none.
 *
 * @throws RevelaError for a file that cannot be read; OptionError for a line that is none, names that are there twice, tokens of fewer
 *   than 16 letters, and a file without any
 *
 * @example
 * const service = await serve({ tokens: await readTokens('tokens.txt') });
 */
export async function readTokens(path: string): Promise<Tokens> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(`cannot read the tokens in ${path}`, error, path);
  });
  const tokens = new Map<string, string>();
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim().split(/\s+/);
    const [name = '', token = ''] = words;
    if (name === '' || name.startsWith('#')) continue;
    if (words.length !== 2 || token.length < SHORTEST || tokens.has(name))
      throw new OptionError(
        `line ${index + 1} of ${path} must be a name that is not there yet and a token of at least ${SHORTEST} letters, with a space between them`,
      );
    tokens.set(name, token);
  }
  if (tokens.size === 0)
    throw new OptionError(`${path} holds no tokens; write a line NAME TOKEN for each client`);
  return tokens;
}

/**
 * Reads the token that one has oneself: the file's only line, `TOKEN` or `NAME TOKEN`.
 *
 * @throws RevelaError for a file that cannot be read; OptionError for one that holds something else
 */
export async function readToken(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(`cannot read the token in ${path}`, error, path);
  });
  const [, token] = /^(?:\S+\s+)?(\S+)$/.exec(text.trim()) ?? [];
  if (token !== undefined && token.length >= SHORTEST) return token;
  throw new OptionError(
    `${path} must hold one line, TOKEN or NAME TOKEN, with a token of at least ${SHORTEST} letters`,
    { option: 'tokenFile' },
  );
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Whose token a request bears; `undefined` where it bears none of them.
 *
 * @param header what it says under `Authorization`
 */
export function holderOf(tokens: Tokens, header: string | undefined): string | undefined {
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(header ?? '') ?? [];
  let found: string | undefined;
  // Every token is looked at, so that the time says nothing.
  for (const [name, token] of tokens) if (timingSafeEqual(digest(token), digest(given))) found = name;
  return found;
}
