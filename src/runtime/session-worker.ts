import { parentPort } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import type { Answer, Envelope, Reply } from './protocol.js';
import { SessionHost } from './session-host.js';

/** Buffers of an answer: they move to the other thread instead of being copied. */
function buffersOf({ fetched = [], value }: Answer): ArrayBuffer[] {
  const values = [...fetched.map(([, fetchedValue]) => fetchedValue)];
  const buffers = values.map(({ data }) => data.buffer).filter((buffer) => buffer instanceof ArrayBuffer);
  // A downloaded tensor stays in use here: it is copied.
  return value === undefined ? [...new Set(buffers)] : [];
}

const port = parentPort;
if (port === null) throw new Error('session-worker runs in a worker thread only');
const host = new SessionHost(ort);
let turn: Promise<void> = Promise.resolve();
port.on('message', ({ id, request }: Envelope) => {
  turn = turn.then(async () => {
    try {
      const answer = await host.handle(request);
      const reply: Reply = { id, answer };
      port.postMessage(reply, buffersOf(answer));
    } catch (error) {
      const reply: Reply = { id, error: error instanceof Error ? error.message : String(error) };
      port.postMessage(reply);
    }
  });
});
