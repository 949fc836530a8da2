// What `revela fleet share` and the workers that ask it have in common.

/** Under which the files lie: `/v1/files/shots/a.jpg`. */
export const filesPath = '/v1/files/';

/** Names the version of either side, on every question and every answer. */
export const versionHeader = 'Revela-Version';

/** The path of a place in an address. */
export const pathOf = (place: string): string =>
  `${filesPath}${place.split('/').map(encodeURIComponent).join('/')}`;

/** The SHA-256 of a body, as RFC 9530 has it under `Content-Digest`. */
export const digestHeader = (hash: Buffer): string => `sha-256=:${hash.toString('base64')}:`;
