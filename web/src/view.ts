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
}

/** Makes room for a result of that size. */
export function clearAfter(width: number, height: number): void {
  after.width = width;
  after.height = height;
  stage.style.setProperty('--width', String(width));
  stage.style.setProperty('--shape', String(width / height));
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
  if (done === undefined) progress.removeAttribute('aria-valuenow');
  else progress.setAttribute('aria-valuenow', String(percent));
  const bar = progress.firstElementChild;
  if (bar instanceof HTMLElement) bar.style.width = done === undefined ? '' : `${percent}%`;
}

/** Pixels of the screen to one of the page: it changes as the page is enlarged. */
function measureScreen(): void {
  stage.style.setProperty('--ratio', String(window.devicePixelRatio || 1));
}

measureScreen();
window.addEventListener('resize', measureScreen);
split.addEventListener('input', () => stage.style.setProperty('--split', `${split.value}%`));
actual.addEventListener('click', () => {
  const on = view.classList.toggle('actual');
  actual.setAttribute('aria-pressed', String(on));
  if (on) view.tabIndex = 0;
  else view.removeAttribute('tabindex');
  // The line is in sight.
  view.scrollLeft = (stage.offsetWidth * Number(split.value)) / 100 - view.clientWidth / 2;
  view.scrollTop = (stage.offsetHeight - view.clientHeight) / 2;
});
