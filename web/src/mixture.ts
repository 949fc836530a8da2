import { numberText, say } from './language/index.js';
import { parts } from './parts.js';
import type { Item } from './queue.js';
import { mixOf } from './saving.js';
import type { Settings } from './settings.js';

const names = ['strength', 'luma', 'chroma', 'detail'] as const;

/** Calls a function when somebody moves a slider. */
export function openMixture(changed: (settings: Partial<Settings>) => void): void {
  for (const name of names)
    parts[name].addEventListener('input', () => changed({ [name]: Number(parts[name].value) }));
  parts.natural.addEventListener('click', () => changed({ strength: undefined }));
}

/** Shows the sliders as they are for a picture. */
export function showMixture(item: Item, settings: Settings): void {
  const denoising = settings.task === 'denoise';
  parts.mixture.hidden = !denoising;
  if (!denoising) return;
  const mix = mixOf(item, settings);
  const known = settings.strength !== undefined || item.found !== undefined;
  for (const name of names) {
    const slider = parts[name];
    const value = Math.round(mix[name]);
    slider.value = String(value);
    slider.disabled = item.state !== 'done';
    const output = slider.parentElement?.querySelector('output');
    const words = name === 'strength' && !known ? '' : say().percent(numberText(value));
    if (output !== null && output !== undefined) output.textContent = words;
  }
  parts.natural.setAttribute('aria-pressed', String(settings.strength === undefined));
  // Of a very large picture there is one layer alone.
  parts.detailLabel.hidden = item.found?.kind === 'denoise' && item.found.layers === 1;
}
