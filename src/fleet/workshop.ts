import { type ChildProcess, fork } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { disposable } from '../belongings.js';
import { RevelaError } from '../errors.js';
import { sentError } from '../sent-error.js';
import { removeLeftovers } from '../write-beside.js';
import type { FromMaker, MakeTask, Outcome } from './make-task.js';

const program = fileURLToPath(new URL('./work-process.js', import.meta.url));

/** A process of its own in which pictures are worked on; where one brings it down, the next picture gets a new one. */
export interface Workshop extends AsyncDisposable {
  /** Works on a picture; one at a time. The signal ends the process in the middle of it: its result is there whole, or not at all. */
  make(task: Omit<MakeTask, 'id'>, signal: AbortSignal): Promise<Outcome>;
  close(): void;
}

/** Opens a workshop; its process is started when there is something to do. */
export function openWorkshop(): Workshop {
  let child: ChildProcess | undefined;
  let id = 0;

  const start = (): ChildProcess => {
    const started = fork(program, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const gone = (): void => {
      if (child === started) child = undefined;
    };
    started.on('exit', gone);
    // One that could not be started does not exit.
    started.on('error', () => {
      if (started.pid === undefined) gone();
    });
    return started;
  };

  return disposable({
    make(task: Omit<MakeTask, 'id'>, signal: AbortSignal): Promise<Outcome> {
      id += 1;
      const own = id;
      let worker: ChildProcess;
      try {
        child ??= start();
        worker = child;
      } catch (error) {
        return Promise.resolve(notStarted(error));
      }
      return new Promise((resolve) => {
        const end = (outcome: Outcome): void => {
          worker.off('message', answered);
          worker.off('exit', gone);
          worker.off('error', broken);
          signal.removeEventListener('abort', stop);
          resolve(outcome);
        };
        const answered = (message: FromMaker): void => {
          if (message.id === own) end(message.came);
        };
        const gone = (code: number | null, by: string | null): void => {
          const message = `${task.input}: the process that worked on it ended (${by ?? `exit code ${code}`})`;
          const error = sentError(new RevelaError(message));
          // What it had begun to write.
          void removeLeftovers(dirname(task.output))
            .catch(() => {})
            .then(() => end({ outcome: 'failed', error }));
        };
        const broken = (error: Error): void => {
          if (worker.pid === undefined) end(notStarted(error));
        };
        const stop = (): void => void worker.kill('SIGKILL');
        worker.on('message', answered);
        worker.on('exit', gone);
        worker.on('error', broken);
        signal.addEventListener('abort', stop, { once: true });
        // Where it cannot be sent, the process is about to exit, or never began.
        if (worker.connected) worker.send({ ...task, id: own } satisfies MakeTask, () => {});
        if (signal.aborted) stop();
      });
    },
    close() {
      if (child?.connected === true) child.disconnect();
      child = undefined;
    },
  });
}

/** No fault of the picture: others may have what a process needs. */
function notStarted(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  return {
    outcome: 'unable',
    error: sentError(new RevelaError(`cannot start the process that works on pictures: ${message}`)),
  };
}
