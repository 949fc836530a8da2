import { html, type Markup } from './html.js';
import { pixel } from './plot.js';

/** A place on a chart, in pixels. */
export type Place = readonly [x: number, y: number];

/** How a line looks. */
export interface LineLook {
  readonly colour: string;
  readonly width: number;
  /** Lengths of dashes and gaps; default: none. */
  readonly dashes?: readonly number[];
  readonly opacity?: number;
}

/** A line through places. */
export function lineMark(
  places: readonly Place[],
  { colour, width, dashes = [], opacity = 1 }: LineLook,
): Markup {
  const dashed = dashes.length === 0 ? '' : html` stroke-dasharray="${dashes.join(' ')}"`;
  return html`<path d="M${through(places)}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity}"${dashed}/>\n`;
}

/** The area between two lines, both from left to right. */
export function areaMark(
  above: readonly Place[],
  below: readonly Place[],
  { colour, opacity }: { readonly colour: string; readonly opacity: number },
): Markup {
  const around = [...above, ...below.toReversed()];
  return html`<path d="M${through(around)}Z" fill="${colour}" fill-opacity="${opacity}"/>\n`;
}

/** A dot at each place. */
export function dotMarks(
  places: readonly Place[],
  {
    colour,
    radius,
    opacity = 1,
  }: { readonly colour: string; readonly radius: number; readonly opacity?: number },
): Markup {
  const dots = places.map(([x, y]) => html`<circle cx="${pixel(x)}" cy="${pixel(y)}" r="${radius}"/>`);
  return html`<g fill="${colour}" fill-opacity="${opacity}">${dots}</g>\n`;
}

function through(places: readonly Place[]): string {
  return places.map(([x, y]) => `${pixel(x)},${pixel(y)}`).join('L');
}
