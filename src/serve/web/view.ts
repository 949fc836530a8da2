import { parts } from './parts.js';

const { work, stage, view, before, after, split, fit, actual, save, progress, answer } = parts;

/** Shows a picture beside nothing. */
export function showBefore(picture: Blob): void {
  show(before, picture);
  clearResult();
}

/** Takes away what was shown of a result. */
export function clearResult(): void {
  for (const element of [after, save, answer]) element.hidden = true;
  URL.revokeObjectURL(after.src);
  after.removeAttribute('src');
}

/** Shows a result beside the picture, and offers it as a file. */
export function showAfter(picture: Blob, name: string): void {
  show(after, picture);
  save.href = after.src;
  save.download = name;
  save.hidden = false;
}

/** Shows numbers. */
export function showAnswer(value: unknown): void {
  answer.textContent = JSON.stringify(value, undefined, 2);
  answer.hidden = false;
}

function show(image: HTMLImageElement, picture: Blob): void {
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(picture);
  work.hidden = false;
}

/** How far work has come, from 0 to 1; `undefined` while it is not known, `null` when there is none. */
export function showProgress(done: number | undefined | null): void {
  progress.classList.toggle('busy', done !== null);
  progress.classList.toggle('waiting', done === undefined);
  if (done === undefined || done === null) progress.removeAttribute('aria-valuenow');
  else progress.setAttribute('aria-valuenow', String(Math.round(100 * done)));
  const bar = progress.firstElementChild;
  if (bar instanceof HTMLElement) bar.style.width = typeof done === 'number' ? `${100 * done}%` : '';
}

/** Shows the result whole, or a pixel of it as one of the screen. */
function zoom(isActual: boolean): void {
  view.classList.toggle('zoomed', isActual);
  stage.style.setProperty('--zoom', String(1 / (window.devicePixelRatio || 1)));
  fit.setAttribute('aria-pressed', String(!isActual));
  actual.setAttribute('aria-pressed', String(isActual));
  if (isActual) view.tabIndex = 0;
  else view.removeAttribute('tabindex');
}

/**
 * Lets people move the line and change the size.
 *
 * @param unseen hears that this browser does not show a kind of picture
 */
export function openView(unseen: () => void): void {
  split.addEventListener('input', () => stage.style.setProperty('--split', `${split.value}%`));
  fit.addEventListener('click', () => zoom(false));
  actual.addEventListener('click', () => zoom(true));
  for (const image of [before, after]) {
    image.addEventListener('load', () => {
      image.hidden = false;
      stage.style.setProperty('--width', String(image.naturalWidth));
      stage.style.setProperty('--shape', String(image.naturalWidth / image.naturalHeight));
    });
    image.addEventListener('error', () => {
      image.hidden = true;
      unseen();
    });
  }
}
