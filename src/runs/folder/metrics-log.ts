import { closeSync, fsync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { number, object } from 'valibot';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { readJson } from '../../options/index.js';
import { writeBeside } from '../../write-beside.js';
import { appendWhole } from './append.js';

/** What is known after a step; a value that is not finite is recorded as `null`. */
export interface Metrics {
  /** Steps done. */
  readonly step: number;
  readonly [name: string]: number | string | boolean | null;
}

/** A file of one JSON object a line, in the order of the steps. */
export interface MetricsLog {
  append(metrics: Metrics): void;
  /** Drops the records of later steps, and a last line that was not written to its end. */
  cutAfter(step: number): Promise<void>;
  /** Waits until the disk has everything. */
  flush(): Promise<void>;
  close(): void;
}

/**
 * The log at a path. The file is made by the first record.
 *
 * Its methods throw a RevelaError, one line, if the file cannot be written or the disk is full; the file then still
 * holds whole lines only.
 */
export function metricsLog(path: string): MetricsLog {
  let descriptor: number | undefined;

  function close(): void {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  }

  return {
    append(metrics) {
      try {
        descriptor ??= openSync(path, 'a');
        appendWhole(descriptor, `${JSON.stringify(metrics)}\n`);
      } catch (error) {
        throw fileError(`cannot write ${path}`, error);
      }
    },
    async cutAfter(step) {
      try {
        const text = await readFile(path, 'utf8');
        const kept = linesUpTo(step, text);
        if (kept === text) return;
        close();
        await writeBeside(path, [new TextEncoder().encode(kept)]);
      } catch (error) {
        if (fileErrorCode(error) !== 'ENOENT') throw fileError(`cannot write ${path}`, error);
      }
    },
    async flush() {
      try {
        if (descriptor !== undefined) await promisify(fsync)(descriptor);
      } catch (error) {
        throw fileError(`cannot write ${path}`, error);
      }
    },
    close,
  };
}

/** A fragment is no JSON, because the brace that closes an object is the last character of its line. */
function linesUpTo(step: number, text: string): string {
  return text
    .split('\n')
    .filter((line) => stepOf(line) <= step)
    .map((line) => `${line}\n`)
    .join('');
}

const stepped = object({ step: number() });

/** The step of a record; infinite for what is none. */
const stepOf = (line: string): number => readJson(stepped, line)?.step ?? Number.POSITIVE_INFINITY;
