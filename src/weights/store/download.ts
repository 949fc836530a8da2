import { setTimeout as wait } from 'node:timers/promises';
import { RevelaError } from '../../errors.js';
import { packageVersion } from '../../package-version.js';
import { present } from '../../present.js';
import type { ListedModel } from './known-models.js';
import type { Verification } from './model-record.js';
import type { Part } from './part.js';
import type { DownloadOptions, DownloadProgress } from './store-options.js';
import { transfer } from './transfer.js';
import { TransferFailure } from './transfer-failure.js';

const longestPause = 30;
/** The most that a server can ask to wait for. */
const longestWait = 120;
/** An attempt that came so much further than all before it is worth as many new ones as the first. */
const worthwhileBytes = 2 ** 20;

/**
 * Downloads a model into a part, in as many attempts as it takes within the options, and checks what came.
 *
 * @returns how it was checked
 * @throws RevelaError, one line, if it cannot be had or is not the right file, of which then nothing is kept
 */
export async function download(
  part: Part,
  model: ListedModel,
  options: DownloadOptions = {},
): Promise<Verification> {
  const { signal, onProgress = () => {}, retries = 4, patience = 60, pause = 1 } = options;
  const reporter = progressReporter(part, model.name, onProgress);
  const request = {
    url: model.url,
    ...present({ size: model.size }),
    checked: model.sha256?.length === 64,
    patience,
    ...present({ signal }),
    userAgent: `revela/${packageVersion()}`,
    onBytes: reporter.onBytes,
  };
  let failures = 0;
  let farthest = part.length;
  for (;;) {
    try {
      if (!isWhole(part, model)) await transfer(part, request).finally(reporter.stop);
      const problem = mismatch(part, model);
      if (problem === undefined) return verificationOf(model);
      const resumed = part.resumed;
      await part.restart(undefined);
      if (!resumed)
        throw new RevelaError(
          `what came from ${model.url} is not ${model.name}: ${problem}; nothing of it was kept. Try again, or get the file elsewhere and register it with \`addModel()\``,
        );
      throw new TransferFailure(`does not continue what was kept of ${model.name} (${problem})`, true, 0);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof TransferFailure)) throw error;
      part.keep();
      failures = part.length - farthest >= worthwhileBytes ? 1 : failures + 1;
      farthest = Math.max(farthest, part.length);
      if (!error.passing || failures > retries) throw givenUp(model, error, part.length);
      const seconds = Math.min(
        longestWait,
        error.waitSeconds ?? Math.min(longestPause, pause * 2 ** (failures - 1)),
      );
      const when = seconds > 0 ? ` in ${Math.ceil(seconds)} s` : '';
      onProgress({ kind: 'note', message: `${model.url} ${error.message}; trying again${when}` });
      await wait(seconds * 1000, undefined, present({ signal })).catch((reason: unknown) => {
        signal?.throwIfAborted();
        throw reason;
      });
    }
  }
}

function givenUp(
  { name, url }: ListedModel,
  { message, passing }: TransferFailure,
  kept: number,
): RevelaError {
  const then = passing
    ? `try again later${kept > 0 ? `, it goes on after the ${kept} bytes that came` : ''}`
    : 'get the file elsewhere';
  return new RevelaError(
    `cannot download ${name}: ${url} ${message}; ${then}${passing ? ', or get the file elsewhere' : ''} and register it with \`addModel(FILE, { name: '${name}' })\``,
  );
}

/** Whether nothing is missing any more, as after a process that was killed before it could check. */
function isWhole({ length, source }: Part, { size, url }: ListedModel): boolean {
  if (length === 0) return false;
  return length === (size ?? (source?.url === url ? source.total : undefined));
}

/** What is wrong with what came; `undefined` if it fits to all that is known. */
function mismatch(part: Part, { size, sha256 }: ListedModel): string | undefined {
  if (part.length === 0) return 'it is empty';
  if (size !== undefined && part.length !== size) return `it has ${part.length} bytes, not ${size}`;
  const digest = part.digest();
  if (sha256 !== undefined && !digest.startsWith(sha256))
    return `its SHA-256 is ${digest}, not ${sha256}${sha256.length < 64 ? '…' : ''}`;
  return undefined;
}

/** How a file that fits is checked by what is known of a model. */
export function verificationOf({ size, sha256 }: Pick<ListedModel, 'size' | 'sha256'>): Verification {
  if (sha256 !== undefined) return sha256.length === 64 ? 'sha256' : 'sha256-beginning';
  return size === undefined ? 'none' : 'size';
}

const reportEveryMilliseconds = 100;
const speedOverMilliseconds = 5000;

interface ProgressReporter {
  /** Bytes have come; `total` is the length of the whole. */
  onBytes(total: number | undefined): void;
  stop(): void;
}

/** Reports how far a part is, at most ten times a second and always the last it was told. */
function progressReporter(
  part: Part,
  model: string,
  onProgress: (progress: DownloadProgress) => void,
): ProgressReporter {
  let samples: (readonly [time: number, bytes: number])[] = [];
  let reported = Number.NEGATIVE_INFINITY;
  let total: number | undefined;
  let late: NodeJS.Timeout | undefined;

  function report(): void {
    clearTimeout(late);
    late = undefined;
    const now = performance.now();
    const received = part.length;
    if (received < (samples.at(-1)?.[1] ?? 0)) samples = []; // it began anew
    reported = now;
    samples = [...samples.filter(([time]) => now - time <= speedOverMilliseconds), [now, received]];
    const [since, first] = samples[0] ?? [now, received];
    const bytesPerSecond = now > since ? Math.round(((received - first) / (now - since)) * 1000) : 0;
    onProgress({
      kind: 'downloading',
      model,
      received,
      bytesPerSecond,
      ...present({
        total,
        remainingSeconds:
          total === undefined || bytesPerSecond === 0
            ? undefined
            : Math.ceil((total - received) / bytesPerSecond),
      }),
    });
  }

  return {
    onBytes(whole) {
      total = whole;
      const due = reported + reportEveryMilliseconds - performance.now();
      if (due <= 0 || part.length === total) report();
      else late ??= setTimeout(report, due);
    },
    stop() {
      if (late !== undefined) report();
    },
  };
}
