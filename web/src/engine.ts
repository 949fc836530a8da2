import type { PageRevela } from 'revela/web';
import { parts } from './parts.js';

let opening: Promise<PageRevela> | undefined;

/** Revela, opened when it is first needed. */
export function revela(): Promise<PageRevela> {
  opening ??= open();
  opening.catch(() => {
    opening = undefined;
  });
  return opening;
}

async function open(): Promise<PageRevela> {
  parts.engine.textContent = 'The engine starts …';
  const { openRevela } = await import('revela/web');
  const opened = await openRevela({ assets: 'engine/' });
  parts.engine.textContent = `${opened.engine}: ${opened.reason}.`;
  return opened;
}
