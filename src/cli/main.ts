#!/usr/bin/env node
// The command `revela`: here, and nowhere else, the process and its environment are touched.
import { RevelaError } from '../errors.js';
import { fileError } from '../file-errors.js';
import type { Context } from './context.js';
import { exitCodes } from './terminal/failure.js';
import { defaultModelFolder } from '../model-folder.js';
import { runCommandLine } from './program.js';
import { listenForStop } from './terminal/stop.js';

const { NO_COLOR: noColour = '', REVELA_DEBUG: debug = '', REVELA_OFFLINE: offline = '' } = process.env;

/** What a reader that went away, such as `head`, leaves behind, and a terminal that was closed. */
const goneReader: ReadonlySet<string> = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

for (const stream of [process.stdout, process.stderr]) {
  // The work goes on without them: its results are files.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (goneReader.has(error.code ?? '')) return;
    const failure = fileError('cannot write what is shown', error);
    if (!(failure instanceof RevelaError)) throw error;
    // As little as is left to say; the other stream may be the one that fails.
    if (stream === process.stdout) process.stderr.write(`revela: ${failure.message}\n`);
    process.exit(exitCodes.failure);
  });
}

const context: Context = {
  get stdin() {
    return process.stdin; // opened only where it is read
  },
  stdout: process.stdout,
  stderr: process.stderr,
  colour: process.stderr.isTTY === true && noColour === '',
  get modelFolder() {
    return defaultModelFolder();
  },
  offline: offline !== '',
  listenForStop: () => listenForStop(),
};
const exitCode = await runCommandLine(process.argv.slice(2), context, debug !== '');
// A command that was stopped waits for nothing but what a thread computes just now, and for no longer than a moment; another signal ends that, too.
if (exitCode > 128) {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeAllListeners(name);
  process.exit(exitCode);
}
process.exitCode = exitCode;
