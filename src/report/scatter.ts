import type { TopLevelSpec } from 'vega-lite';
import { type LogisticParameters, logistic, type QualityMeasure } from '../quality/index.js';
import { chartLook, chartSize, drawSvg } from './draw-svg.js';

/** What is drawn: what people said against what a measure says. */
export interface ScatterContent {
  readonly measure: Pick<QualityMeasure, 'title' | 'better'>;
  /** Which opinions are good. */
  readonly better: 'higher' | 'lower';
  readonly points: readonly { readonly score: number; readonly opinion: number }[];
  readonly fit: LogisticParameters;
}

/** Points of the line: more than one sees. */
const LINE_POINTS = 121;

/** A scatter plot as an SVG: a dot for each picture, and the logistic that was fitted. */
export function drawScatter({ measure, better, points, fit }: ScatterContent): Promise<string> {
  const scores = points.map(({ score }) => score);
  const [least, greatest] = [Math.min(...scores), Math.max(...scores)];
  const line = Array.from({ length: LINE_POINTS }, (_, i) => {
    const score = least + ((greatest - least) * i) / (LINE_POINTS - 1);
    return { score, opinion: logistic(fit, score) };
  });
  const axis = (field: string, title: string) => ({
    field,
    title,
    type: 'quantitative' as const,
    scale: { zero: false },
  });
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...chartSize,
    height: 340,
    autosize: { type: 'fit', contains: 'padding' },
    encoding: {
      x: axis('score', `${measure.title}, ${measure.better} is better`),
      y: axis('opinion', `people, ${better} is better`),
    },
    layer: [
      {
        data: { values: points.map((point) => ({ ...point })) },
        mark: { type: 'circle', size: 30, opacity: 0.55, color: 'var(--run-0)' },
      },
      { data: { values: line }, mark: { type: 'line', strokeWidth: 2.25, color: 'var(--run-1)' } },
    ],
    config: chartLook,
  };
  return drawSvg(spec);
}
