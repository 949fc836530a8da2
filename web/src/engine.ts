import type { PageRevela } from 'revela/web';
import { parts } from './parts.js';

let opening: Promise<PageRevela> | undefined;

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
  parts.engine.textContent = 'The engine starts with the next picture.';
}

async function open(): Promise<PageRevela> {
  parts.engine.textContent = 'The engine starts …';
  const { openRevela } = await import('revela/web');
  const opened = await openRevela({ assets: 'engine/' });
  parts.engine.textContent = `${opened.engine}: ${opened.reason}.`;
  return opened;
}
