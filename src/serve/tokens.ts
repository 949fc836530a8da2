import { holderOf, type Tokens } from '../tokens.js';
import { Refusal } from './problem.js';

/**
 * Whose token a request bears.
 *
 * @param header what it says under `Authorization`
 * @throws Refusal where it bears none of the tokens
 */
export function bearerOf(tokens: Tokens, header: string | undefined): string {
  const found = holderOf(tokens, header);
  if (found !== undefined) return found;
  throw new Refusal(
    401,
    'ERR_UNAUTHORISED',
    'this needs the header Authorization: Bearer TOKEN with a token that is known',
    {
      'WWW-Authenticate': 'Bearer realm="revela"',
    },
  );
}
