import { mostPixels } from 'revela/web';
import { numberText, say } from './language/index.js';
import type { Trouble } from './queue.js';
import { scaleOf, type Task } from './settings.js';

/** A message as a sentence: those of the library begin small, as they follow a file's name in a terminal. */
export function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?…]$/.test(message) ? '' : '.'}`;
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** Whether a file is at fault, whatever is done with it. */
export const isOfFile = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === 'ERR_NOT_AN_IMAGE' || code === 'ERR_DAMAGED_IMAGE' || code === 'ERR_FILE';
};

/** Whether what worked on a picture has ended, so that trying again may help. */
export const isOfWorker = (error: unknown): boolean => codeOf(error) === 'ERR_DEVICE';

/** What is known to be wrong before anything is computed. */
export class Foreseen extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble());
    this.trouble = trouble;
  }
}

/** What went wrong with a picture, in a sentence. */
export function troubleOf(error: unknown, name: string): Trouble {
  if (error instanceof Foreseen) return error.trouble;
  const code = codeOf(error);
  if (code === 'ERR_NOT_AN_IMAGE') return () => say().notPicture(name);
  if (code === 'ERR_DAMAGED_IMAGE') return () => say().damaged(name);
  if (code === 'ERR_FILE') return () => say().unreadable(name);
  const message = sentence(error instanceof Error ? error.message : String(error));
  return () => message;
}

const megapixels = (pixels: number): string => numberText(pixels / 1e6, pixels < 1e7 ? 1 : 0);

/** Why a picture is too large for a task, and what would fit; `undefined` where it is not. It is said before anything is computed. */
export function tooLargeFor(
  task: Task,
  { width, height }: { readonly width: number; readonly height: number },
): Trouble | undefined {
  const scale = scaleOf(task);
  const pixels = width * height;
  if (pixels > mostPixels) return () => say().tooLarge(megapixels(pixels), megapixels(mostPixels));
  if (pixels * scale ** 2 <= mostPixels) return undefined;
  return () =>
    say().tooLargeEnlarged(
      numberText(scale),
      megapixels(pixels * scale ** 2),
      megapixels(mostPixels / scale ** 2),
    );
}
