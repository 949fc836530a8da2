import { say } from './language/index.js';
import { drawing, parts } from './parts.js';
import type { Item, Queue } from './queue.js';
import { markWords } from './words.js';

interface Frame {
  readonly mark: HTMLSpanElement;
  readonly entry: HTMLLIElement;
  readonly choose: HTMLButtonElement;
  readonly canvas: HTMLCanvasElement;
  readonly remove: HTMLButtonElement;
  drawn: boolean;
}

const frames = new Map<Item, Frame>();

function makeFrame(item: Item, choose: (item: Item) => void, remove: (item: Item) => void): Frame {
  const entry = document.createElement('li');
  const chooser = document.createElement('button');
  chooser.type = 'button';
  chooser.className = 'frame';
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  const mark = document.createElement('span');
  mark.className = 'mark';
  mark.setAttribute('aria-hidden', 'true');
  chooser.append(canvas, mark);
  chooser.addEventListener('click', () => choose(item));
  const remover = document.createElement('button');
  remover.type = 'button';
  remover.className = 'remove';
  remover.addEventListener('click', () => {
    const neighbour = entry.nextElementSibling ?? entry.previousElementSibling;
    remove(item);
    const next = neighbour?.querySelector('button');
    if (next instanceof HTMLButtonElement) next.focus();
  });
  entry.append(chooser, remover);
  return { entry, choose: chooser, canvas, mark, remove: remover, drawn: false };
}

function drawSmall(frame: Frame, { small }: Item): void {
  if (small === undefined || frame.drawn) return;
  frame.canvas.width = small.width;
  frame.canvas.height = small.height;
  drawing(frame.canvas).drawImage(small, 0, 0);
  frame.drawn = true;
}

function update(frame: Frame, item: Item, shown: boolean): void {
  const { entry, choose, mark, remove } = frame;
  const words = markWords(item.found);
  drawSmall(frame, item);
  entry.dataset.state = item.state;
  entry.style.setProperty('--done', `${100 * (item.progress ?? 0)}%`);
  mark.textContent = words ?? '';
  mark.classList.toggle('words', words !== undefined);
  choose.ariaLabel = [item.file.name, say()[item.state], ...(words === undefined ? [] : [words])].join(', ');
  choose.title = item.file.name;
  if (shown) choose.setAttribute('aria-current', 'true');
  else choose.removeAttribute('aria-current');
  remove.ariaLabel = `${say().remove}: ${item.file.name}`;
  remove.title = say().remove;
}

/** Shows the pictures of a queue side by side, each with where its work stands. */
export function showFilmstrip(
  queue: Queue,
  choose: (item: Item) => void,
  remove: (item: Item) => void,
): void {
  for (const [item, { entry }] of frames) {
    if (queue.items.includes(item)) continue;
    entry.remove();
    frames.delete(item);
  }
  for (const item of queue.items) {
    let frame = frames.get(item);
    if (frame === undefined) {
      frame = makeFrame(item, choose, remove);
      frames.set(item, frame);
      parts.pictures.append(frame.entry);
    }
    update(frame, item, item === queue.shown);
  }
}

/** Brings a picture's frame into sight. */
export function revealFrame(item: Item): void {
  frames.get(item)?.entry.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

// The arrow keys go from picture to picture.
parts.pictures.addEventListener('keydown', ({ key, target }) => {
  if (!(target instanceof HTMLElement) || !target.classList.contains('frame')) return;
  const entry = target.closest('li');
  const other =
    key === 'ArrowRight'
      ? entry?.nextElementSibling
      : key === 'ArrowLeft'
        ? entry?.previousElementSibling
        : null;
  const next = other?.querySelector('button');
  if (!(next instanceof HTMLButtonElement)) return;
  next.focus();
  next.click();
});
