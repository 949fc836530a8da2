import type { Cancel, Reply, Request } from '../protocol.js';
import type { OpenLine } from '../worker-line.js';

/** The first message to an engine's worker: where ONNX Runtime's files are. */
export interface Files {
  readonly kind: 'files';
  readonly files: string;
}

/** What an engine's worker is told. */
export type Told = Files | Request | Cancel;

/** Said by an engine's worker as its graphics card is lost: nothing that it is asked will be answered. */
export interface Lost {
  readonly kind: 'lost';
  readonly reason: string;
}

/** Starts workers of a page that own the sessions of one runtime each. */
export function pageWorker(files: string): OpenLine {
  return ({ reply, lost }) => {
    const worker = new Worker(new URL('./engine-worker.js', import.meta.url), {
      type: 'module',
      name: 'revela engine',
    });
    const post = (message: Told, transfer: readonly ArrayBuffer[]): void =>
      worker.postMessage(message, [...transfer]);
    worker.addEventListener('message', ({ data }: MessageEvent<Reply | Lost>) => {
      if ('kind' in data) lost(data.reason);
      else reply(data);
    });
    worker.addEventListener('error', (event) => {
      // Otherwise the worker that started this one would be told of as ended, too.
      event.preventDefault();
      lost(event.message || 'its program could not be loaded');
    });
    post({ kind: 'files', files }, []);
    return {
      post,
      wanted() {},
      async terminate() {
        worker.terminate();
      },
      async leave() {
        worker.terminate();
      },
    };
  };
}
