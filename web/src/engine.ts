import { openRevela, type PageRevela } from 'revela/web';
import { say } from './language/index.js';
import { note } from './log.js';
import { parts } from './parts.js';

type Line = () => string;

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
  const opened = await openRevela({ assets: 'engine/' });
  exactly = `${opened.engine}: ${opened.reason}`;
  note(`engine: ${exactly}`);
  const threads = /(\d+) thread/.exec(opened.engine)?.[1];
  tellEngine(() => {
    if (threads === undefined) return say().engineCard;
    return threads === '1' && !globalThis.crossOriginIsolated
      ? say().engineOne
      : say().engineThreads(threads);
  });
  parts.engine.title = exactly;
  return opened;
}
