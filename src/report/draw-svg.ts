import type { TopLevelSpec } from 'vega-lite';

/** Of every chart, in pixels of its own; pages make it as wide as there is room. */
export const chartSize = { width: 600, height: 280 };

/** Colours are CSS variables, so that the picture follows the page's theme. */
export const chartLook = {
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    domainColor: 'var(--line)',
    gridColor: 'var(--grid)',
    tickColor: 'var(--line)',
    labelColor: 'var(--muted)',
    titleColor: 'var(--muted)',
    titleFontWeight: 'normal',
    labelFontSize: 12,
    titleFontSize: 12,
    titlePadding: 10,
  },
  // The page describes the picture as a whole.
  aria: false,
} as const;

/**
 * Draws a chart. Vega and Vega-Lite are loaded here, when the first one is drawn.
 *
 * @returns `<svg …>…</svg>`, without scripts and without anything from elsewhere
 */
export async function drawSvg(spec: TopLevelSpec): Promise<string> {
  const [{ compile }, { parse, View }] = await Promise.all([import('vega-lite'), import('vega')]);
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
