import { html, type Markup } from './html.js';
import { type Ends, linearScale, logScale, type Scale } from './scale.js';

/** Of a chart, in pixels of its own; pages make it as wide as there is room. */
const width = 600;
/** Around the area that is drawn on. The left side also has room for the labels. */
const margin = { top: 8, right: 18, bottom: 42, left: 14 };
/** Of the line above, where the vertical axis is named. */
const lineHeight = 16;
/** About the width of a digit, in pixels. */
const digit = 7;
/** Least pixels between ticks with a label. */
const gaps = { x: 62, y: 32, log: 15 };

/** What a plot is drawn from. */
export interface PlotContent {
  /** In pixels; the width is 600. */
  readonly height: number;
  readonly x: { readonly title: string; readonly values: Ends; readonly whole?: boolean };
  readonly y: { readonly title: string; readonly values: Ends; readonly logarithmic?: boolean };
  /** What is drawn, given the places: the first one lies lowest. */
  readonly marks: (x: Scale, y: Scale) => readonly Markup[];
}

/**
 * Two axes with a grid, and marks on it. Colours are CSS variables, so that the picture follows the page's theme; the page
 * describes it as a whole.
 *
 * @returns `<svg …>…</svg>`, without scripts and without anything from elsewhere
 */
export function drawPlot({ height, x, y, marks }: PlotContent): Markup {
  const top = y.title === '' ? margin.top : margin.top + lineHeight;
  const down: Ends = [height - margin.bottom, top];
  const vertical =
    y.logarithmic === true ? logScale(y.values, down, gaps.log) : linearScale(y.values, down, gaps.y, true);
  const longest = Math.max(...vertical.ticks.map(({ label }) => label.length));
  const left = margin.left + longest * digit;
  const horizontal = linearScale(x.values, [left, width - margin.right], gaps.x, x.whole === true);
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">
${axes(horizontal, vertical, left, down)}
<g fill="var(--muted)">${titles(x.title, y.title, left, height)}</g>
<g stroke-linejoin="round" stroke-linecap="butt">${marks(horizontal, vertical)}</g>
</svg>`;
}

/** Rounded so that it does not fill the page. */
export const pixel = (value: number): number => Math.round(value * 10) / 10;

function axes(x: Scale, y: Scale, left: number, [bottom, top]: Ends): Markup {
  const right = width - margin.right;
  const columns = x.ticks.map(({ value }) => `M${pixel(x.place(value))},${top}V${bottom}`);
  const rows = y.ticks.map(({ value }) => `M${left},${pixel(y.place(value))}H${right}`);
  const below = x.ticks.map(
    ({ value, label }) => html`<text x="${pixel(x.place(value))}" y="${bottom + 17}">${label}</text>`,
  );
  const beside = y.ticks
    .filter(({ label }) => label !== '')
    .map(({ value, label }) => html`<text x="${left - 8}" y="${pixel(y.place(value) + 4)}">${label}</text>`);
  return html`<path d="${[...columns, ...rows].join('')}" stroke="var(--grid)" fill="none"/>
<path d="M${left},${top}V${bottom}H${right}" stroke="var(--line)" fill="none"/>
<g fill="var(--muted)" text-anchor="middle">${below}</g>
<g fill="var(--muted)" text-anchor="end">${beside}</g>`;
}

/** The vertical axis is named above it, where it is read without turning one's head. */
function titles(x: string, y: string, left: number, height: number): Markup {
  const middle = pixel((left + width - margin.right) / 2);
  return html`<text x="${left}" y="11">${y}</text><text x="${middle}" y="${height - 7}" text-anchor="middle">${x}</text>`;
}
