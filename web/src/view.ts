import type { PageImage, Pixels, TilePixels } from 'revela/web';
import { drawing, parts } from './parts.js';

const { stage, before, after, split, view, actual, progress } = parts;

const imageOf = ({ data, width, height }: PageImage | Pixels): ImageData =>
  new ImageData(new Uint8ClampedArray(data), width, height);

/** Shows a picture, with nothing done to it. */
export function showBefore(image: PageImage): void {
  before.width = image.width;
  before.height = image.height;
  drawing(before).putImageData(imageOf(image), 0, 0);
  clearAfter(image.width, image.height);
}

/** Makes room for a result of that size. */
export function clearAfter(width: number, height: number): void {
  after.width = width;
  after.height = height;
}

/** Shows a part of a result. */
export function showTile(tile: TilePixels): void {
  drawing(after).putImageData(imageOf(tile), tile.x, tile.y);
}

/** Shows a result. */
export function showAfter(image: Pixels): void {
  clearAfter(image.width, image.height);
  drawing(after).putImageData(imageOf(image), 0, 0);
}

/** How much of the result is seen through, from 0 to 1: a blend of the picture and its result. */
export function showStrength(share: number): void {
  after.style.opacity = String(share);
}

/** How far work has come, from 0 to 1; `undefined` while it is not known, `null` when there is none. */
export function showProgress(done: number | undefined | null): void {
  progress.classList.toggle('busy', done !== null);
  progress.classList.toggle('waiting', done === undefined);
  const percent = Math.round(100 * (done ?? 0));
  progress.setAttribute('aria-valuenow', String(percent));
  const bar = progress.firstElementChild;
  if (bar instanceof HTMLElement) bar.style.width = done === undefined ? '' : `${percent}%`;
}

split.addEventListener('input', () => stage.style.setProperty('--split', `${split.value}%`));
actual.addEventListener('click', () => {
  const on = view.classList.toggle('actual');
  actual.setAttribute('aria-pressed', String(on));
  const ratio = window.devicePixelRatio || 1;
  before.style.width = on ? `${after.width / ratio}px` : '';
});
