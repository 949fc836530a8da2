import { styleText } from 'node:util';
import type { Progress } from '../../api/index.js';
import { printableJson } from '../../printable.js';
import {
  isOngoing,
  type Lasting,
  lastingText,
  lossSmoother,
  type Ongoing,
  type Validated,
  workLine,
} from './progress-text.js';
import { fitLine } from './terminal-line.js';

/** Shows progress; pass it as `onProgress`. */
export interface Reporter {
  (progress: Progress): void;
  /** Shows what is still to be shown and ends the line; what is written to the stream later starts on its own. */
  close(): void;
}

/** Options of {@link createReporter}. */
export interface ReporterOptions {
  /** Whether to write every event as a line of JSON, for other programs. */
  readonly json: boolean;
  /** Where to write: standard output for JSON, otherwise standard error. */
  readonly stream: { write(text: string): unknown };
  /** Whether the stream is a terminal, whose last line can be written over. */
  readonly interactive: boolean;
  /** Columns of the terminal, asked for anew for every line, because windows change; default 80. */
  readonly columns?: number | (() => number);
  /** Whether to use colours, on a terminal; default false. */
  readonly colour?: boolean;
  /** A clock in milliseconds; default: that of the machine. */
  readonly now?: () => number;
}

/** Milliseconds between two updates of a line, and between two lines where lines stay. */
const updateEvery = 100;
const lineEvery = 10_000;

/**
 * Shows progress on a terminal as one line that is updated, elsewhere as a line about every ten seconds, or for other
 * programs as lines of JSON.
 *
 * @example
 * const report = createReporter({ json: false, stream: process.stderr, interactive: process.stderr.isTTY });
 * await denoise(paths, { onProgress: report });
 * report.close();
 */
export function createReporter(options: ReporterOptions): Reporter {
  if (options.json) return jsonReporter(options);
  return lineReporter(options, options.interactive ? terminalDisplay(options) : plainDisplay(options));
}

function jsonReporter({ stream }: ReporterOptions): Reporter {
  const report = (progress: Progress): void => {
    stream.write(`${printableJson(progress)}\n`);
  };
  return Object.assign(report, { close: () => {} });
}

/** How lines come to stand somewhere. */
interface Display {
  /** Milliseconds between two calls of `update`. */
  readonly every: number;
  /** Shows how far the work is. */
  update(progress: Ongoing, loss: number, validated: Validated | undefined): void;
  /** Work has ended and its last update stays. */
  keep(): void;
  /** Work has ended and its result says enough. */
  clear(): void;
  /** Shows what stands by itself; the work goes on below it. */
  line(progress: Lasting): void;
}

/** Decides which progress is shown, and when. */
function lineReporter({ now = () => performance.now() }: ReporterOptions, display: Display): Reporter {
  let work: { progress: Ongoing; loss: number; shown: boolean } | undefined;
  let smooth = lossSmoother();
  let validated: Validated | undefined;
  let updated = Number.NEGATIVE_INFINITY;

  function show(): void {
    if (work === undefined || work.shown) return;
    display.update(work.progress, work.loss, validated);
    work.shown = true;
    updated = now();
  }

  function end(): void {
    show();
    if (work !== undefined) display.keep();
    work = undefined;
  }

  function proceed(progress: Ongoing): void {
    if (work !== undefined && !continues(work.progress, progress)) end();
    const begins = work === undefined;
    if (begins && progress.kind === 'training') smooth = lossSmoother();
    work = { progress, loss: progress.kind === 'training' ? smooth(progress.loss) : 0, shown: false };
    if (begins || now() - updated >= display.every) show();
  }

  function report(progress: Progress): void {
    if (isOngoing(progress)) {
      proceed(progress);
      return;
    }
    if (progress.kind === 'validation') validated = progress;
    if (progress.kind === 'written' && work !== undefined && work.progress.kind !== 'training') {
      display.clear();
      work = undefined;
    }
    display.line(progress);
  }

  return Object.assign(report, { close: end });
}

/** Whether two events tell of the same work; pictures follow each other on one line, models do not. */
function continues(before: Ongoing, after: Ongoing): boolean {
  if (before.kind === 'training' && after.kind === 'training') return after.step > before.step;
  if (before.kind === 'downloading' && after.kind === 'downloading') return after.model === before.model;
  return before.kind === after.kind;
}

/** Lines that stay, for files and pipes. */
function plainDisplay({ stream }: ReporterOptions): Display {
  return {
    every: lineEvery,
    update(progress, loss, validated) {
      const { label, details } = workLine(progress, loss, validated);
      stream.write(`${label}: ${details.replaceAll('  ', ', ')}\n`);
    },
    keep() {},
    clear() {},
    line: (progress) => stream.write(`${lastingText(progress)}\n`),
  };
}

const startOfLine = '\r';
const eraseToEnd = '\u001b[K';

/** One line that is written over, with lines that stay above it. */
function terminalDisplay({ stream, columns = 80, colour = false }: ReporterOptions): Display {
  let current = '';
  // The reporter was told whether the stream has colours; the check that styleText would do is for another stream.
  const paint = (style: 'cyan' | 'dim' | 'green', text: string): string =>
    colour && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  const paintBar = (text: string, done: boolean): string => paint(done ? 'cyan' : 'dim', text);
  const clear = (): void => {
    if (current !== '') stream.write(startOfLine + eraseToEnd);
    current = '';
  };
  return {
    every: updateEvery,
    update(progress, loss, validated) {
      // The last column stays free: terminals differ in where the cursor goes after it.
      const width = (typeof columns === 'number' ? columns : columns()) - 1;
      current = fitLine(workLine(progress, loss, validated), width, paintBar);
      stream.write(startOfLine + current + eraseToEnd);
    },
    keep() {
      stream.write('\n');
      current = '';
    },
    clear,
    line(progress) {
      const text = lastingText(progress);
      const below = current;
      clear();
      stream.write(`${progress.kind === 'written' ? paint('green', text) : text}\n`);
      if (below !== '') stream.write(below);
      current = below;
    },
  };
}
