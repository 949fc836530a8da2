/** The element of that name and kind. */
function part<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${id}`);
  return element;
}

/** What the page consists of. */
export const parts = {
  start: part('start', HTMLElement),
  work: part('work', HTMLElement),
  file: part('file', HTMLInputElement),
  view: part('view', HTMLElement),
  stage: part('stage', HTMLElement),
  before: part('before', HTMLCanvasElement),
  after: part('after', HTMLCanvasElement),
  split: part('split', HTMLInputElement),
  progress: part('progress', HTMLElement),
  strength: part('strength', HTMLInputElement),
  strengthLabel: part('strength-label', HTMLElement),
  strengthValue: part('strength-value', HTMLOutputElement),
  stop: part('stop', HTMLButtonElement),
  again: part('again', HTMLButtonElement),
  actual: part('actual', HTMLButtonElement),
  other: part('other', HTMLButtonElement),
  save: part('save', HTMLButtonElement),
  facts: part('facts', HTMLElement),
  problem: part('problem', HTMLElement),
  engine: part('engine', HTMLElement),
};

/** What can be done with a picture. */
export type Task = 'denoise' | 'upscale2' | 'upscale4';

/** Those to choose among. */
export const tasks = [...document.querySelectorAll<HTMLInputElement>('input[name=task]')];

/** The one that is chosen. */
export function chosenTask(): Task {
  const value = tasks.find(({ checked }) => checked)?.value;
  return value === 'upscale2' || value === 'upscale4' ? value : 'denoise';
}

/**
 * Shows what can be done now: to stop, to start again, or to download. They share one place, and the focus stays in it.
 */
export function showState(state: 'working' | 'stopped' | 'done'): void {
  const buttons = { working: parts.stop, stopped: parts.again, done: parts.save };
  const focused = Object.values(buttons).some((button) => button === document.activeElement);
  for (const [name, button] of Object.entries(buttons)) button.hidden = name !== state;
  if (focused) buttons[state].focus({ preventScroll: true });
  parts.strength.disabled = state !== 'done';
  // Each part of the result would be read aloud.
  parts.facts.ariaBusy = String(state === 'working');
}

/** A canvas to draw on. */
export function drawing(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws nothing');
  return context;
}
