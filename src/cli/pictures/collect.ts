import { Session } from 'node:inspector/promises';
import { endIdleThreads } from '../../in-thread.js';

/**
 * Frees what nobody needs any more. Node does so by itself where memory runs short, but does not count what threads share, and
 * that is where the values of pictures lie; threads that wait hold what they were last given.
 */
export async function collect(): Promise<void> {
  await endIdleThreads();
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
