/**
 * What an answer that is an error is about: this file alone (it fails, the others go on), one that is not there, this machine (it gives the job
 * back and ends), or the moment (it waits and says so).
 */
export type About = 'file' | 'missing' | 'machine' | 'moment' | 'full';

/** What statuses are about where S3, or whatever stands in between, answers; and where a `revela fleet share` does, if that is something else. */
const meanings: Readonly<Record<number, About | readonly [elsewhere: About, ofShare: About]>> = {
  // A share says what is wrong with one file; from anybody else these are about how it is asked.
  400: ['machine', 'file'],
  403: ['machine', 'file'],
  404: ['missing', 'missing'],
  409: ['moment', 'file'],
  410: 'missing',
  // The body, or the name, of this file alone.
  413: 'file',
  414: 'file',
  416: 'file',
  451: 'file',
  // Asked again later, the same may be taken.
  408: 'moment',
  423: 'moment',
  425: 'moment',
  429: 'moment',
  // Of the rest below 500 (401, 405, 407, 411, 426, …) the next file would hear the same, and of these:
  501: 'machine',
  505: 'machine',
  511: 'machine',
  507: 'full',
};

/**
 * What an answer that is an error is about.
 *
 * @param from who answers
 *
 * @example
 * aboutOf(413, 'elsewhere') === 'file'; // this result is too large for a proxy
 */
export function aboutOf(status: number, from: 'elsewhere' | 'share'): About {
  const meaning = meanings[status] ?? (status >= 500 ? 'moment' : 'machine');
  return typeof meaning === 'string' ? meaning : meaning[from === 'share' ? 1 : 0];
}

/** What a status says of a file, in words that go on a sentence; empty where there are none. */
export const wordsOf = (status: number): string =>
  status === 413 ? ' (it is larger than the server, or a proxy before it, takes: let that take more)' : '';
