import type { Curve } from './curve.js';
import type { ReportedRun } from './run.js';

/** How a metric is shown. */
export interface MetricDescription {
  readonly name: string;
  readonly title: string;
  /** Of its values, for the vertical axis. */
  readonly unit?: string;
  readonly noisy: boolean;
}

/** The metrics that a training writes, in the order of the report; others follow in the order of their names. */
const known: readonly MetricDescription[] = [
  { name: 'validationPsnr', title: 'Validation PSNR', unit: 'dB', noisy: false },
  { name: 'validationSsim', title: 'Validation SSIM', noisy: false },
  { name: 'validationLpips', title: 'Validation LPIPS', noisy: false },
  { name: 'validationRanking', title: 'Pairs in the right order', noisy: false },
  { name: 'validationLoss', title: 'Validation loss', noisy: false },
  { name: 'loss', title: 'Training loss', noisy: true },
  { name: 'gradientNorm', title: 'Norm of the gradients', noisy: true },
  { name: 'learningRate', title: 'Learning rate', noisy: false },
  { name: 'waitedSeconds', title: 'Waiting for data, each step', unit: 's', noisy: true },
];

/** Values so many that a smooth line says more than their ups and downs. */
const MANY = 100;

/** A name as people write it: `featureAccuracy` is "Feature accuracy". */
function titleOf(name: string): string {
  const words = name.replace(
    /([a-z0-9])([A-Z])/g,
    (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The metrics that at least one of the runs has. */
export function metricsOf(runs: readonly Pick<ReportedRun, 'curves'>[]): readonly MetricDescription[] {
  const names = new Set(runs.flatMap(({ curves }) => [...curves.keys()]));
  const others = [...names].filter((name) => !known.some((metric) => metric.name === name)).sort();
  return [
    ...known.filter(({ name }) => names.has(name)),
    ...others.map((name) => ({
      name,
      title: titleOf(name),
      noisy: [...curvesOf(runs, name).values()].some(({ points }) => points.length > MANY),
    })),
  ];
}

/** The curves of a metric by the numbers of the runs that have it. */
export function curvesOf(
  runs: readonly Pick<ReportedRun, 'curves'>[],
  name: string,
): ReadonlyMap<number, Curve> {
  const found = new Map<number, Curve>();
  for (const [index, { curves }] of runs.entries()) {
    const curve = curves.get(name);
    if (curve !== undefined) found.set(index, curve);
  }
  return found;
}
