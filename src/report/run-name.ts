import { html, type Markup } from './html.js';
import { strokeOf } from './palette.js';

/** The name of a run with a piece of its line, as in the charts. */
export function runName(label: string, index: number): Markup {
  const { colour, dashes } = strokeOf(index);
  return html`<span class="run"><svg class="swatch" width="28" height="10" aria-hidden="true"><line x1="1" x2="27" y1="5" y2="5" stroke="${colour}" stroke-width="3" stroke-dasharray="${dashes.length === 0 ? 'none' : dashes.join(' ')}"></line></svg>${label}</span>`;
}
