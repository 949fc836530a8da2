import type { TilePixels } from 'revela/web';
import type { Strip } from './desk/index.js';
import { drawing, parts } from './parts.js';
import { everyFor } from './reduced.js';

const { view, stage, before, after, split, progress } = parts;

/** The sizes of what stands on the left and on the right. */
interface Size {
  readonly width: number;
  readonly height: number;
}

const canvases = { before, after };
const wholes: Record<Strip['side'], Size> = {
  before: { width: 1, height: 1 },
  after: { width: 1, height: 1 },
};

/** How wide the picture is on the screen, in pixels of that. */
export const across = (): number => stage.offsetWidth * (window.devicePixelRatio || 1);

const isSame = (one: Size, other: Size): boolean => one.width === other.width && one.height === other.height;

/** The size of a canvas for a side, as wide as it is seen. */
function sizeOnScreen({ width, height }: Size): Size {
  const every = everyFor(width, across());
  return { width: Math.ceil(width / every), height: Math.ceil(height / every) };
}

function clear(side: Strip['side'], whole: Size): void {
  wholes[side] = whole;
  Object.assign(canvases[side], sizeOnScreen(whole));
}

/** Makes room for a picture and a result; what was drawn is gone. Where the size is not known yet nothing is shown, in the place that there was. */
export function clearView(size: Size | undefined, scale: number): void {
  if (size === undefined) {
    view.classList.add('unknown');
    return;
  }
  const { width, height } = size;
  const whole = { width: width * scale, height: height * scale };
  makeRoom(whole);
  clear('before', { width, height });
  clear('after', whole);
}

function makeRoom({ width, height }: Size): void {
  view.classList.remove('unknown');
  stage.style.setProperty('--width', String(width));
  stage.style.setProperty('--shape', String(width / height));
}

/** Makes room for a picture whose size was not known when it was to be shown. */
export function sizeFor(whole: Size, scale: number): void {
  const known = !view.classList.contains('unknown');
  if (!known || !isSame(wholes.before, whole)) clearView(whole, scale);
}

/** Draws rows of a picture or its result; not those that come for another size on the screen: `false`. */
export function drawStrip({ data, width, height, side, y, rows, whole }: Strip): boolean {
  const canvas = canvases[side];
  if (!isSame(wholes[side], whole)) {
    if (side === 'after') makeRoom(whole);
    clear(side, whole);
  }
  if (!isSame(canvas, { width, height: rows })) return false;
  drawing(canvas).putImageData(new ImageData(data, width, height), 0, y);
  return true;
}

/** Pixels on a canvas of their own. */
function drawn(image: ImageData): OffscreenCanvas {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/** Draws a part of a result that is on its way. */
export function drawTile({ data, width, height, x, y }: TilePixels): void {
  const image = new ImageData(data, width, height);
  const share = after.width / wholes.after.width;
  if (share === 1) {
    drawing(after).putImageData(image, x, y);
    return;
  }
  // To whole pixels, so that there is no seam.
  const [left, top] = [Math.floor(x * share), Math.floor(y * share)];
  const [right, bottom] = [Math.ceil((x + width) * share), Math.ceil((y + height) * share)];
  drawing(after).drawImage(drawn(image), left, top, right - left, bottom - top);
}

/**
 * Makes canvases as fine as is seen of them; until what they show is drawn again it is stretched.
 *
 * @returns whether any has changed
 */
export function refineView(): boolean {
  let changed = false;
  for (const side of ['before', 'after'] as const) {
    const canvas = canvases[side];
    const { width, height } = sizeOnScreen(wholes[side]);
    if (isSame(canvas, { width, height })) continue;
    changed = true;
    const old = new OffscreenCanvas(canvas.width, canvas.height);
    old.getContext('2d')?.drawImage(canvas, 0, 0);
    [canvas.width, canvas.height] = [width, height];
    drawing(canvas).drawImage(old, 0, 0, width, height);
  }
  return changed;
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
