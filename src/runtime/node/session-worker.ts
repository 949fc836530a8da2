// The worker thread that owns the sessions of one runtime: ONNX Runtime blocks the thread it runs on.
import { parentPort, workerData } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import { serveSessions } from '../message-loop.js';
import { free, type ThreadLock, undisturbed } from './thread-lock.js';

// What goes wrong is thrown, too; the terminal belongs to the command.
ort.env.logLevel = 'fatal';

const port = parentPort;
if (port === null) throw new Error('session-worker.js is started by the runtime, as a worker thread');
const lock = workerData as ThreadLock;
const receive = serveSessions(ort, {
  post: (reply, transfer) => port.postMessage(reply, transfer),
  deliver: () => new Promise((resolve) => setImmediate(resolve)),
  undisturbed: (work) => undisturbed(lock, work),
});
port.on('message', receive);
free(lock);
