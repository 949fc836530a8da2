import { shortenOrtMessage } from './ort-message.js';
import type { OrtModule } from './ort-tensor.js';
import type { Answer, Cancel, Reply, Request } from './protocol.js';
import { SessionHost } from './session-host.js';

/** The worker's end of the line; Node's `parentPort` and a browser worker's scope both fit. */
export interface ReplyPort {
  post(reply: Reply, transfer: readonly ArrayBuffer[]): void;
  /** Resolves once messages that have arrived meanwhile were delivered. */
  deliver(): Promise<void>;
  /** Does what is asked where the thread must not be ended meanwhile. */
  undisturbed?(work: () => Promise<void>): Promise<void>;
}

/** Answers requests one after another. Returns what the worker calls with each message. */
export function serveSessions(ort: OrtModule, port: ReplyPort): (message: Request | Cancel) => void {
  const waiting: Request[] = [];
  let host: SessionHost | undefined;
  let busy = false;
  const undisturbed = port.undisturbed ?? ((work) => work());

  async function answerTo(request: Request): Promise<void> {
    try {
      if (request.kind === 'open') host = new SessionHost(ort, request);
      else if (host === undefined) throw new Error('the runtime was not opened');
      const answer: Answer =
        request.kind === 'open' || host === undefined ? { values: {} } : await host.handle(request);
      const buffers = new Set<ArrayBuffer>();
      for (const { data } of Object.values(answer.values))
        if (data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
      port.post({ id: request.id, outcome: 'done', answer }, [...buffers]);
    } catch (error) {
      port.post({ id: request.id, outcome: 'failed', message: shortenOrtMessage(error) }, []);
    }
  }

  async function work(): Promise<void> {
    busy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const request = next;
      await undisturbed(() => answerTo(request));
      // A session blocks this thread, so a cancellation can only arrive between two of them.
      await port.deliver();
    }
    busy = false;
  }

  return (message) => {
    if (message.kind === 'cancel') {
      const index = waiting.findIndex(({ id }) => id === message.id);
      if (index < 0) return;
      waiting.splice(index, 1);
      port.post({ id: message.id, outcome: 'cancelled' }, []);
      return;
    }
    waiting.push(message);
    if (!busy) void work();
  };
}
