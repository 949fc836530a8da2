/**
 * What comes first of several promises, unless a signal is given before. A long-lived promise of the signal would keep all that
 * ever came; this keeps nothing.
 *
 * @throws what the signal says; what the first of the promises fails with
 *
 * @example
 * const bytes = await unlessStopped([blob.arrayBuffer()], signal);
 */
export async function unlessStopped<Result>(
  promises: readonly Promise<Result>[],
  signal: AbortSignal | undefined,
): Promise<Result> {
  let over = (): void => {};
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal?.reason);
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
    over = () => signal?.removeEventListener('abort', stop);
  });
  try {
    return await Promise.race([stopped, ...promises]);
  } finally {
    over();
  }
}
