import { Session } from 'node:inspector/promises';

/**
 * Frees what nobody needs any more. Node does so by itself where memory runs short, but does not count what threads share, and
 * that is where the values of pictures lie.
 */
export async function collect(): Promise<void> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
