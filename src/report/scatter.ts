import { type LogisticParameters, logistic, type QualityMeasure } from '../quality/index.js';
import type { Markup } from './html.js';
import { dotMarks, lineMark, type Place } from './marks.js';
import { drawPlot } from './plot.js';
import { endsOf } from './scale.js';

/** What is drawn: what people said against what a measure says. */
export interface ScatterContent {
  readonly measure: Pick<QualityMeasure, 'title' | 'better'>;
  /** Which opinions are good. */
  readonly better: 'higher' | 'lower';
  readonly points: readonly { readonly score: number; readonly opinion: number }[];
  readonly fit: LogisticParameters;
}

/** In pixels. */
const height = 340;

/** Points of the line: more than one sees. */
const LINE_POINTS = 121;

/** A scatter plot as an SVG: a dot for each picture, and the logistic that was fitted. */
export function drawScatter({ measure, better, points, fit }: ScatterContent): Markup {
  const scores = endsOf(points.map(({ score }) => score));
  const line = Array.from({ length: LINE_POINTS }, (_, i) => {
    const score = scores[0] + ((scores[1] - scores[0]) * i) / (LINE_POINTS - 1);
    return { score, opinion: logistic(fit, score) };
  });
  return drawPlot({
    height,
    x: { title: `${measure.title}, ${measure.better} is better`, values: scores, whole: true },
    y: {
      title: `people, ${better} is better`,
      values: endsOf([...points, ...line].map(({ opinion }) => opinion)),
    },
    marks: (x, y) => {
      const placed = ({ score, opinion }: ScatterContent['points'][number]): Place => [
        x.place(score),
        y.place(opinion),
      ];
      return [
        dotMarks(points.map(placed), { colour: 'var(--run-0)', radius: 3.1, opacity: 0.55 }),
        lineMark(line.map(placed), { colour: 'var(--run-1)', width: 2.25 }),
      ];
    },
  });
}
