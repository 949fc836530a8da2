import { parts } from './parts.js';

const { stage, view, split, fit, actual } = parts;

/** Pixels of the screen to a pixel of the result; `undefined`: the whole of it is seen. */
let zoom: number | undefined;
let changed: () => void = () => {};

const MOST = 8;

/** Pixels of the screen to one of the page. */
const ratio = (): number => window.devicePixelRatio || 1;

/** How large the result is where it is seen whole. */
function fitting(): number {
  const width = Number(stage.style.getPropertyValue('--width')) || 1;
  return zoom ?? (stage.offsetWidth * ratio()) / width;
}

/** Shows the result larger or smaller, so that a point of the view stays where it is. */
function zoomTo(next: number | undefined, x: number, y: number): void {
  const box = view.getBoundingClientRect();
  const old = stage.getBoundingClientRect();
  const [across, down] = [(x - old.left) / old.width, (y - old.top) / old.height];
  zoom = next;
  view.classList.toggle('zoomed', zoom !== undefined);
  stage.style.setProperty('--zoom', String((zoom ?? 1) / ratio()));
  fit.setAttribute('aria-pressed', String(zoom === undefined));
  actual.setAttribute('aria-pressed', String(zoom === 1));
  if (zoom === undefined) view.removeAttribute('tabindex');
  else view.tabIndex = 0;
  view.scrollLeft = across * stage.offsetWidth - (x - box.left);
  view.scrollTop = down * stage.offsetHeight - (y - box.top);
  changed();
}

/** Zooms about a point; smaller than the whole is the whole. */
function zoomBy(factor: number, x: number, y: number): void {
  const now = fitting();
  const next = Math.min(MOST, now * factor);
  const width = Number(stage.style.getPropertyValue('--width')) || 1;
  const whole = (view.clientWidth * ratio()) / width;
  zoomTo(factor < 1 && next < Math.min(1, whole) ? undefined : next, x, y);
}

function aboutLine(next: number | undefined): void {
  const { left, top, width, height } = stage.getBoundingClientRect();
  const box = view.getBoundingClientRect();
  // The line comes into the middle.
  zoomTo(next, left + (width * Number(split.value)) / 100, top + height / 2);
  if (next === undefined) return;
  view.scrollLeft = (stage.offsetWidth * Number(split.value)) / 100 - box.width / 2;
  view.scrollTop = (stage.offsetHeight - view.clientHeight) / 2;
}

/** How far two fingers are apart, and the point between them. */
function pinchOf({ touches }: TouchEvent): { apart: number; x: number; y: number } | undefined {
  const [a, b] = touches;
  if (a === undefined || b === undefined) return undefined;
  return {
    apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
    x: (a.clientX + b.clientX) / 2,
    y: (a.clientY + b.clientY) / 2,
  };
}

/**
 * Lets people see the result larger: by buttons, keys, a pinch of fingers or of a trackpad.
 *
 * @param listener told that it is seen larger or smaller
 */
export function openZoom(listener: () => void): void {
  changed = listener;
  fit.addEventListener('click', () => aboutLine(undefined));
  actual.addEventListener('click', () => aboutLine(1));
  window.addEventListener('resize', () => {
    stage.style.setProperty('--zoom', String((zoom ?? 1) / ratio()));
    changed();
  });

  // A trackpad's pinch comes as a wheel with the control key.
  view.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomBy(Math.exp(-event.deltaY / 200), event.clientX, event.clientY);
    },
    { passive: false },
  );

  let apart: number | undefined;
  view.addEventListener(
    'touchmove',
    (event) => {
      const pinch = pinchOf(event);
      if (pinch === undefined) return;
      event.preventDefault();
      if (apart !== undefined && apart > 0) zoomBy(pinch.apart / apart, pinch.x, pinch.y);
      apart = pinch.apart;
    },
    { passive: false },
  );
  for (const end of ['touchend', 'touchcancel', 'touchstart'] as const)
    view.addEventListener(end, () => {
      apart = undefined;
    });

  // On the line and on the picture: + and − as in other programs, 0 for the whole, 1 for 100 %.
  view.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const box = view.getBoundingClientRect();
    const middle = [box.left + box.width / 2, box.top + box.height / 2] as const;
    if (event.key === '+' || event.key === '=') zoomBy(1.25, ...middle);
    else if (event.key === '-') zoomBy(0.8, ...middle);
    else if (event.key === '0') aboutLine(undefined);
    else if (event.key === '1') aboutLine(1);
    else return;
    event.preventDefault();
  });
}
