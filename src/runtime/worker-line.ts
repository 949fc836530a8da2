import type { Reply } from './protocol.js';

/** What a runtime hears from its worker. */
export interface WorkerListener {
  reply(reply: Reply): void;
  /** The worker has ended, or is as good as ended. */
  lost(reason: string): void;
}

/**
 * The line to the worker that owns the sessions of a runtime: what differs between Node's threads and those of a page.
 * Messages arrive in the order in which they are sent.
 */
export interface WorkerLine {
  /**
   * @param message a `Request` or a `Cancel`
   * @param transfer buffers that are handed over instead of copied
   */
  post(message: object, transfer: readonly ArrayBuffer[]): void;
  /** Whether somebody waits for an answer: an idle worker must not keep a process alive, a busy one must. */
  wanted(busy: boolean): void;
  /** Ends the worker, whatever it is at. */
  terminate(): Promise<void>;
  /** Lets go of a worker that has nothing to do and holds nothing: it ends, or serves another runtime. Nothing is heard of it any more. */
  leave(): Promise<void>;
}

/** Starts a worker and listens to it. */
export type OpenLine = (listener: WorkerListener) => WorkerLine;
