import { closeSync, fsync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { disposable } from '../../belongings.js';
import { fileError } from '../../file-errors.js';
import { appendWhole } from './append.js';
import { maskedCrc32c } from './crc32c.js';
import { imageEvent, restartEvent, scalarEvent, versionEvent } from './event-messages.js';

/** A TensorBoard event file that is being written. Events go to the file at once. */
export interface EventFile extends AsyncDisposable {
  readonly path: string;
  /** One number of the curve `tag`; TensorBoard groups tags by what stands before a `/`. */
  scalar(tag: string, value: number, step: number): void;
  /** One picture, as the bytes of a PNG file of that width and height in pixels. */
  image(tag: string, png: Uint8Array, width: number, height: number, step: number): void;
  /** Waits until the disk has everything. */
  flush(): Promise<void>;
  /** Flushes and closes; a second call does nothing. */
  close(): Promise<void>;
}

/** Options of {@link openEventFile}. */
export interface EventFileOptions {
  /** For a run that resumes: TensorBoard forgets what earlier files of the folder hold for later steps. */
  readonly resumedAfterStep?: number;
}

/**
 * Starts a new event file in a folder, which is created if need be. A folder may hold several: each start or resumption
 * of a run writes one, and TensorBoard reads them in the order of their names.
 *
 * A file is a series of records: the length of the message (64 bits, little-endian), the masked CRC-32C of those 8
 * bytes, the message, and its masked CRC-32C.
 *
 * @throws RevelaError, one line, if the folder cannot be written; its methods throw one if the disk is full
 *
 * @example
 * const events = openEventFile('run');
 * events.scalar('training/loss', 0.01, 100);
 * await events.close();
 */
export function openEventFile(folder: string, { resumedAfterStep }: EventFileOptions = {}): EventFile {
  const { path, descriptor } = createNumbered(folder);
  let open = true;

  function write(message: Uint8Array): void {
    if (!open) throw new Error(`${path} is closed`);
    try {
      appendWhole(descriptor, recordOf(message));
    } catch (error) {
      throw fileError(`cannot write ${path}`, error);
    }
  }

  async function flush(): Promise<void> {
    if (!open) return;
    try {
      await promisify(fsync)(descriptor);
    } catch (error) {
      throw fileError(`cannot write ${path}`, error);
    }
  }

  write(versionEvent());
  if (resumedAfterStep !== undefined) write(restartEvent(resumedAfterStep + 1));
  return disposable({
    path,
    scalar: (tag: string, value: number, step: number) => write(scalarEvent(tag, value, step)),
    image: (tag: string, png: Uint8Array, width: number, height: number, step: number) =>
      write(imageEvent(tag, { png, width, height }, step)),
    flush,
    async close() {
      try {
        await flush();
      } finally {
        if (open) closeSync(descriptor);
        open = false;
      }
    },
  });
}

/**
 * Names have the form that TensorBoard looks for, with the time in seconds; the number after it, one more than that of
 * any earlier file, keeps the order of files of the same second and of a clock that was set back.
 */
function createNumbered(folder: string): { path: string; descriptor: number } {
  try {
    mkdirSync(folder, { recursive: true });
    const former = readdirSync(folder).flatMap((name) => {
      const found = eventFileName.exec(name);
      return found === null ? [] : [{ seconds: Number(found[1]), count: Number(found[2]) }];
    });
    const seconds = Math.max(Math.floor(Date.now() / 1000), ...former.map((file) => file.seconds));
    const count = Math.max(0, ...former.map((file) => file.count)) + 1;
    const padded = [String(seconds).padStart(10, '0'), 'revela', String(count).padStart(4, '0')];
    const path = join(folder, `events.out.tfevents.${padded.join('.')}`);
    return { path, descriptor: openSync(path, 'ax') };
  } catch (error) {
    throw fileError(`cannot write an event file to ${folder}`, error);
  }
}

const eventFileName = /^events\.out\.tfevents\.(\d+)\.revela\.(\d+)$/;

function recordOf(message: Uint8Array): Uint8Array {
  const record = new Uint8Array(message.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(message.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(message, 12);
  view.setUint32(12 + message.length, maskedCrc32c(message), true);
  return record;
}
