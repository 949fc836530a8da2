import { type ChangedEngine, openRevela, type PageRevela } from 'revela/web';
import { say } from './language/index.js';
import { note } from './log.js';
import { parts } from './parts.js';
import { settingsOf } from './settings.js';

type Line = () => string;

/** What computes. */
type Computing = Pick<ChangedEngine, 'engine' | 'reason'> & Partial<Pick<ChangedEngine, 'why'>>;

let opening: Promise<PageRevela> | undefined;
let line: Line = () => say().engineLater;
/** What the library says of it, for the log. */
let exactly = 'not started';

/** Says what computes. */
export function tellEngine(told: Line = line): void {
  line = told;
  parts.engine.textContent = line();
}

export const engineDetails = (): string => exactly;

/** Revela, opened when it is first needed. */
export function revela(): Promise<PageRevela> {
  opening ??= open().catch((error: unknown) => {
    forgetRevela();
    throw error;
  });
  return opening;
}

/** Closes Revela after a failure: its workers may be gone or short of memory, and fresh ones are neither. */
export function forgetRevela(): void {
  opening?.then((opened) => opened.close()).catch(() => undefined);
  opening = undefined;
  tellEngine(() => say().engineAgain);
}

async function open(): Promise<PageRevela> {
  tellEngine(() => say().engineStarts);
  const { engine } = settingsOf(location.search);
  const opened = await openRevela({ assets: 'engine/', engine, onEngine: tellComputing });
  tellComputing(opened);
  return opened;
}

/** Says what computes, and why it is another than before, where it is. */
function tellComputing({ engine, reason, why }: Computing): void {
  exactly = `${engine}: ${reason}`;
  note(`engine${why === undefined ? '' : ` (${why})`}: ${exactly}`);
  const threads = /(\d+) thread/.exec(engine)?.[1];
  tellEngine(() => {
    const words =
      threads === undefined
        ? say().engineCard
        : threads === '1' && !globalThis.crossOriginIsolated
          ? say().engineOne
          : say().engineThreads(threads);
    return why === undefined ? words : `${say().engineChanged(why)} ${words}`;
  });
  parts.engine.title = exactly;
}
