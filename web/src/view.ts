import type { TilePixels } from 'revela/web';
import type { Strip } from './desk/index.js';
import { drawing, parts } from './parts.js';

const { view, stage, before, after, split, progress } = parts;

/** Shows nothing, in the place that there was: the size of what comes is not known yet. */
export function emptyView(): void {
  view.classList.add('unknown');
}

/** Makes room for a picture and a result; what was drawn is gone. */
export function clearView(width: number, height: number, scale: number): void {
  [before.width, before.height] = [width, height];
  clearAfter(width * scale, height * scale);
}

function clearAfter(width: number, height: number): void {
  [after.width, after.height] = [width, height];
  view.classList.remove('unknown');
  stage.style.setProperty('--width', String(width));
  stage.style.setProperty('--shape', String(width / height));
}

/** Draws rows of a picture or its result. */
export function drawStrip({ data, width, height, side, y, rows }: Strip): void {
  const canvas = side === 'before' ? before : after;
  if (canvas.width !== width || canvas.height !== rows) {
    if (side === 'after') clearAfter(width, rows);
    else [before.width, before.height] = [width, rows];
  }
  drawing(canvas).putImageData(new ImageData(data, width, height), 0, y);
}

/** Draws a part of a result that is on its way. */
export function drawTile({ data, width, height, x, y }: TilePixels): void {
  drawing(after).putImageData(new ImageData(data, width, height), x, y);
}

/** How far work has come, from 0 to 1; `undefined` while it is not known, `null` when there is none. */
export function showProgress(done: number | undefined | null): void {
  progress.classList.toggle('busy', done !== null);
  progress.classList.toggle('waiting', done === undefined);
  const percent = Math.round(100 * (done ?? 0));
  if (done === undefined) progress.removeAttribute('aria-valuenow');
  else progress.setAttribute('aria-valuenow', String(percent));
  const bar = progress.firstElementChild;
  if (bar instanceof HTMLElement) bar.style.width = done === undefined ? '' : `${percent}%`;
}

split.addEventListener('input', () => stage.style.setProperty('--split', `${split.value}%`));
