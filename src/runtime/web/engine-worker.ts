// The worker of a page that owns the sessions of one runtime: ONNX Runtime blocks the thread it runs on.
import { serveSessions } from '../message-loop.js';
import { isUnopened } from '../ort-message.js';
import type { Cancel, Request } from '../protocol.js';
import { loadOrt } from './load-ort.js';
import { watchDevices } from './lost-device.js';
import type { Lost, Told } from './page-worker.js';

/** Tasks take turns through a channel: a timer would make each wait for milliseconds. */
const channel = new MessageChannel();
const turns: (() => void)[] = [];
channel.port1.onmessage = () => turns.shift()?.();

function deliver(): Promise<void> {
  return new Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(undefined);
  });
}

let files = '';
let waiting: (Request | Cancel)[] = [];
let receive: ((message: Request | Cancel) => void) | undefined;

self.addEventListener('message', ({ data }: MessageEvent<Told>) => {
  if (data.kind === 'files') {
    files = data.files;
    return;
  }
  if (receive !== undefined) return receive(data);
  waiting.push(data);
  if (data.kind === 'open') void begin(data);
});

const tellLost = (reason: string): void => self.postMessage({ kind: 'lost', reason } satisfies Lost);

watchDevices((reason) => tellLost(`the graphics card was lost: ${reason}`));

/** Loads the ONNX Runtime of a device, then does what came meanwhile. */
async function begin({ device, threads }: Extract<Request, { readonly kind: 'open' }>): Promise<void> {
  const ort = await loadOrt(device, { files, threads });
  receive = serveSessions(ort, {
    post(reply, transfer) {
      self.postMessage(reply, { transfer: [...transfer] });
      if (reply.outcome === 'failed' && isUnopened(reply.message)) tellLost(reply.message);
    },
    deliver,
  });
  for (const message of waiting) receive(message);
  waiting = [];
}

// A refusal is told like the death of the worker, which everybody waits for.
self.addEventListener('unhandledrejection', ({ reason }) => {
  throw reason instanceof Error ? reason : new Error(String(reason));
});
