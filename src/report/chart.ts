import { type Curve, type CurvePoint, smoothed } from './curve.js';
import type { Markup } from './html.js';
import { areaMark, dotMarks, lineMark, type Place } from './marks.js';
import { strokeOf } from './palette.js';
import { drawPlot } from './plot.js';
import { endsOf, type Scale } from './scale.js';

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

/** In pixels. */
const height = 280;

/** Up to so many values every one gets a dot. */
const mostDots = 60;

/** A logarithmic axis shows more where the greatest value is so many times the least. */
const mostLinear = 6;

/**
 * A chart as an SVG.
 *
 * @returns `<svg …>…</svg>`, without scripts and without anything from elsewhere
 */
export function drawChart({ unit = '', noisy, curves }: ChartContent, against: Against): Markup {
  const all = [...curves.values()];
  const time = unitOf(against, Math.max(...all.map(({ last }) => last.seconds)));
  const across = (point: CurvePoint): number =>
    (against === 'step' ? point.step : point.seconds) / time.seconds;
  const points = all.flatMap((curve) => curve.points);
  const logarithmic = noisy && spansDecades(all);
  const dots = !noisy && all.every((curve) => curve.points.length <= mostDots);
  return drawPlot({
    height,
    x: { title: time.title, values: endsOf([0, ...points.map(across)]) },
    y: {
      title: [...(unit === '' ? [] : [unit]), ...(logarithmic ? ['log scale'] : [])].join(', '),
      values: endsOf(points.flatMap(({ mean, min, max }) => (noisy ? [min, max] : [mean]))),
      logarithmic,
    },
    marks: (x, y) =>
      [...curves].flatMap(([run, curve]) => curveMarks(curve.points, across, { x, y, run, noisy, dots })),
  });
}

/** How one curve is drawn. */
interface CurveLook {
  readonly x: Scale;
  readonly y: Scale;
  readonly run: number;
  readonly noisy: boolean;
  readonly dots: boolean;
}

function curveMarks(
  points: readonly CurvePoint[],
  across: (point: CurvePoint) => number,
  { x, y, run, noisy, dots }: CurveLook,
): readonly Markup[] {
  const { colour, dashes } = strokeOf(run);
  const placed = (value: (point: CurvePoint, index: number) => number): readonly Place[] =>
    points.map((point, i) => [x.place(across(point)), y.place(value(point, i))]);
  const means = placed(({ mean }) => mean);
  const smooth = noisy ? smoothed(points) : [];
  const main = noisy ? placed(({ mean }, i) => smooth[i] ?? mean) : means;
  return [
    ...(noisy
      ? [
          areaMark(
            placed(({ max }) => max),
            placed(({ min }) => min),
            { colour, opacity: 0.14 },
          ),
        ]
      : []),
    ...(noisy ? [lineMark(means, { colour, width: 1, opacity: 0.4 })] : []),
    lineMark(main, { colour, width: 2.25, dashes }),
    // A line of one value is not seen.
    ...(dots || points.length === 1 ? [dotMarks(main, { colour, radius: 3.4 })] : []),
  ];
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
