import type { TopLevelSpec } from 'vega-lite';
import { chartLook, chartSize, drawSvg } from './draw-svg.js';
import { type Curve, smoothed } from './curve.js';
import { strokeOf } from './palette.js';

/** What is drawn in one chart: the same metric of several runs. */
export interface ChartContent {
  /** Of the values. */
  readonly unit?: string;
  /** Whether single values say little, so that a smooth line stands out over them. */
  readonly noisy: boolean;
  /** By the number of the run, which gives the colour; runs without this metric are left out. */
  readonly curves: ReadonlyMap<number, Curve>;
}

/** What the horizontal axis shows. */
export type Against = 'step' | 'time';

/** Up to so many values every one gets a dot. */
const mostDots = 60;

/** A logarithmic axis shows more where the greatest value is so many times the least. */
const mostLinear = 6;

/**
 * A chart as an SVG.
 *
 * @returns `<svg …>…</svg>`, without scripts and without anything from elsewhere
 */
export function drawChart(content: ChartContent, against: Against): Promise<string> {
  return drawSvg(specOf(content, against));
}

function specOf({ unit: valueUnit = '', noisy, curves }: ChartContent, against: Against): TopLevelSpec {
  const runs = [...curves.keys()];
  const all = [...curves.values()];
  const unit = unitOf(against, Math.max(...all.map(({ last }) => last.seconds)));
  const values = [...curves].flatMap(([run, { points }]) => {
    const smooth = noisy ? smoothed(points) : points.map(({ mean }) => mean);
    return points.map((point, i) => ({
      run: String(run),
      x: (against === 'step' ? point.step : point.seconds) / unit.seconds,
      mean: point.mean,
      min: point.min,
      max: point.max,
      smooth: smooth[i] ?? point.mean,
    }));
  });
  const strokes = runs.map(strokeOf);
  const domain = runs.map(String);
  const colour = {
    field: 'run',
    type: 'nominal' as const,
    scale: { domain, range: strokes.map((stroke) => stroke.colour) },
    legend: null,
  };
  const dash = {
    field: 'run',
    type: 'nominal' as const,
    scale: { domain, range: strokes.map((stroke) => [...stroke.dashes]) },
    legend: null,
  };
  const logarithmic = noisy && spansDecades(all);
  const scale = logarithmic ? { type: 'log' as const, nice: false } : { zero: false };
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    scale,
    title: logarithmic ? (valueUnit === '' ? 'log scale' : `${valueUnit}, log scale`) : valueUnit,
  });
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    title: unit.title,
    scale: { nice: false, domainMin: 0 },
  };
  const dots = all.every(({ points }) => points.length <= mostDots);
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...chartSize,
    autosize: { type: 'fit', contains: 'padding' },
    data: { values },
    encoding: { x, color: colour },
    layer: [
      ...(noisy
        ? [
            {
              mark: { type: 'area' as const, opacity: 0.14 },
              encoding: { y: y('min'), y2: { field: 'max' } },
            },
            {
              mark: { type: 'line' as const, opacity: 0.4, strokeWidth: 1 },
              encoding: { y: y('mean') },
            },
          ]
        : []),
      {
        mark: {
          type: 'line' as const,
          strokeWidth: 2.25,
          ...(dots && !noisy ? { point: { size: 36, opacity: 1 } } : {}),
        },
        encoding: { y: y('smooth'), strokeDash: dash },
      },
    ],
    config: chartLook,
  };
}

function unitOf(against: Against, longest: number): { readonly seconds: number; readonly title: string } {
  if (against === 'step') return { seconds: 1, title: 'steps' };
  if (longest < 180) return { seconds: 1, title: 'seconds of training' };
  return longest < 3 * 3600
    ? { seconds: 60, title: 'minutes of training' }
    : { seconds: 3600, title: 'hours of training' };
}

/** Whether values differ so much, and are all above 0, that a logarithmic axis shows more. */
function spansDecades(curves: readonly Curve[]): boolean {
  const least = Math.min(...curves.map(({ lowest }) => lowest.value));
  const greatest = Math.max(...curves.map(({ highest }) => highest.value));
  return least > 0 && greatest / least > mostLinear;
}
