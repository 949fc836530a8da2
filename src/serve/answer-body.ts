import { open } from 'node:fs/promises';

/** Bytes that are read at once. */
const PART = 65_536;

/**
 * The bytes of a file as the body of an answer, read as they are taken. In the end, or when nobody takes them any more, `ended` is
 * called, once.
 *
 * @param signal gives up on who takes them too slowly
 */
export async function answerBody(
  path: string,
  signal: AbortSignal,
  ended: () => void,
): Promise<ReadableStream<Uint8Array>> {
  const file = await open(path, 'r').catch((error: unknown) => {
    ended();
    throw error;
  });
  let over = false;
  const end = async (): Promise<void> => {
    if (over) return;
    over = true;
    await file.close();
    ended();
  };
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      const stop = async (): Promise<void> => {
        if (over) return;
        controller.error(signal.reason);
        await end();
      };
      if (signal.aborted) await stop();
      else signal.addEventListener('abort', () => void stop(), { once: true });
    },
    async pull(controller) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(PART)).catch(async (error: unknown) => {
        await end();
        throw error;
      });
      if (over) return;
      if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead));
      else {
        await end();
        controller.close();
      }
    },
    cancel: end,
  });
}
