import type { Redis } from 'ioredis';

/** What is heard of a Redis that is connected. */
export interface SilenceListener {
  /** It was asked, and gave no answer. */
  silent(): void;
  /** It answers again. */
  answered(): void;
}

/** So many looks in a row have to find it silent: after one alone, this process may have been too busy to hear. */
const looksOfSilence = 2;

/**
 * Listens whether a Redis that is connected answers: one that is frozen, or cut off by what says nothing, ends no connection, and all that is
 * asked of it waits without a word.
 *
 * @param every milliseconds between two looks; it is silent after two to three of them
 * @returns ends it
 */
export function watchSilence(client: Redis, listener: SilenceListener, every: number): () => void {
  /** Looks since it was asked; `undefined` where it owes no answer. */
  let looks: number | undefined;
  let isSilent = false;
  const ask = (): void => {
    looks = 0;
    client.ping().then(answered, () => {});
  };
  const answered = (): void => {
    looks = undefined;
    if (isSilent) listener.answered();
    isSilent = false;
  };
  // Another connection is another question.
  client.on('close', () => {
    looks = undefined;
    isSilent = false;
  });
  const timer = setInterval(() => {
    const { status } = client;
    if (status !== 'ready' && status !== 'connect') return;
    if (looks !== undefined) looks += 1;
    // Until it has answered to its first questions, these are what it owes an answer to.
    else if (status === 'connect') looks = 0;
    else ask();
    if (looks === undefined || looks < looksOfSilence || isSilent) return;
    isSilent = true;
    listener.silent();
  }, every);
  client.on('ready', answered);
  timer.unref();
  return () => clearInterval(timer);
}
