import type { Cancel, Reply, Request } from '../protocol.js';
import type { OpenLine } from '../worker-line.js';

/** The first message to an engine's worker: where ONNX Runtime's files are. */
export interface Files {
  readonly kind: 'files';
  readonly files: string;
}

/** What an engine's worker is told. */
export type Told = Files | Request | Cancel;

/** Starts workers of a page that own the sessions of one runtime each. */
export function pageWorker(files: string): OpenLine {
  return ({ reply, lost }) => {
    const worker = new Worker(new URL('./engine-worker.js', import.meta.url), {
      type: 'module',
      name: 'revela engine',
    });
    const post = (message: Told, transfer: readonly ArrayBuffer[]): void =>
      worker.postMessage(message, [...transfer]);
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => reply(data));
    worker.addEventListener('error', ({ message }) => lost(message || 'its program could not be loaded'));
    post({ kind: 'files', files }, []);
    return {
      post,
      wanted() {},
      async terminate() {
        worker.terminate();
      },
    };
  };
}
