import { numberText, say } from './language/index.js';
import { parts } from './parts.js';
import type { Item } from './queue.js';
import type { Settings } from './settings.js';

const names = ['sharpen', 'denoise'] as const;

/** After so many milliseconds without a move all is enlarged anew: that takes as long as the first time. */
const REST = 500;

/** How pictures are enlarged, as far as that was chosen. */
export function enlargingOf(settings: Settings): Partial<Record<(typeof names)[number], number>> {
  const chosen: Partial<Record<(typeof names)[number], number>> = {};
  for (const name of names) {
    const value = settings[name];
    if (value !== undefined) chosen[name] = value;
  }
  return chosen;
}

/**
 * Calls functions when somebody moves a slider.
 *
 * @param changed at once
 * @param rested once it is let be
 */
export function openEnlarging(changed: (settings: Partial<Settings>) => void, rested: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const change = (settings: Partial<Settings>): void => {
    changed(settings);
    clearTimeout(timer);
    timer = setTimeout(rested, REST);
  };
  parts.sharpen.addEventListener('input', () => change({ sharpen: Number(parts.sharpen.value) }));
  parts.denoise.addEventListener('input', () => {
    const denoise = Number(parts.denoise.value);
    // All is what is usual, and leaves the choice of the weights open.
    change({ denoise: denoise === 100 ? undefined : denoise });
  });
  parts.usual.addEventListener('click', () => change({ sharpen: undefined }));
}

/** Shows the sliders as they are for a picture. */
export function showEnlarging(item: Item, settings: Settings): void {
  const enlarges = settings.task === 'upscale2' || settings.task === 'upscale4';
  parts.enlarging.hidden = !enlarges;
  if (!enlarges) return;
  const usual = item.found?.kind === 'upscale' ? item.found.facts.sharpen : 100;
  const values = { sharpen: settings.sharpen ?? usual, denoise: settings.denoise ?? 100 };
  for (const name of names) {
    const slider = parts[name];
    slider.value = String(values[name]);
    const output = slider.parentElement?.querySelector('output');
    if (output !== null && output !== undefined)
      output.textContent = say().percent(numberText(Math.round(values[name])));
  }
  parts.usual.setAttribute('aria-pressed', String(settings.sharpen === undefined));
}
