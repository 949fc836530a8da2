/** What became of some steps that follow each other. */
export interface CurvePoint {
  /** Mean of the steps. */
  readonly step: number;
  /** Mean of the seconds since the training began. */
  readonly seconds: number;
  /** Mean, least and greatest of the values. */
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** How many values it stands for. */
  readonly count: number;
}

/** One value of a curve. */
export interface Sample {
  readonly step: number;
  readonly seconds: number;
  readonly value: number;
}

/** A curve of any length in a bounded number of points. */
export interface Curve {
  readonly points: readonly CurvePoint[];
  readonly first: Sample;
  readonly last: Sample;
  readonly lowest: Sample;
  readonly highest: Sample;
}

/** Gathers a curve value by value. */
export interface CurveBuilder {
  add(sample: Sample): void;
  /** `undefined` where nothing was added. */
  curve(): Curve | undefined;
}

/** The most points of a curve: more than a chart has pixels for. */
const mostPoints = 600;

/**
 * Gathers values in buckets of equally many steps. When there are too many, neighbours are joined and buckets are twice
 * as wide from then on: memory stays the same however long the run, and no peak is lost.
 */
export function curveBuilder(most: number = mostPoints): CurveBuilder {
  let buckets = new Map<number, CurvePoint>();
  let width = 1;
  let bounds: Omit<Curve, 'points'> | undefined;
  return {
    add(sample) {
      const { step, seconds, value } = sample;
      const key = Math.floor(step / width);
      const point = { step, seconds, mean: value, min: value, max: value, count: 1 };
      buckets.set(key, joined(buckets.get(key), point));
      while (buckets.size > most) {
        width *= 2;
        buckets = halved(buckets);
      }
      bounds = {
        first: bounds?.first ?? sample,
        last: sample,
        lowest: bounds === undefined || value < bounds.lowest.value ? sample : bounds.lowest,
        highest: bounds === undefined || value > bounds.highest.value ? sample : bounds.highest,
      };
    },
    curve() {
      if (bounds === undefined) return undefined;
      return { points: [...buckets.values()].sort((a, b) => a.step - b.step), ...bounds };
    },
  };
}

function halved(buckets: ReadonlyMap<number, CurvePoint>): Map<number, CurvePoint> {
  const wider = new Map<number, CurvePoint>();
  for (const [key, point] of buckets) {
    const half = Math.floor(key / 2);
    wider.set(half, joined(wider.get(half), point));
  }
  return wider;
}

function joined(a: CurvePoint | undefined, b: CurvePoint): CurvePoint {
  if (a === undefined) return b;
  const count = a.count + b.count;
  const mean = (x: number, y: number): number => (x * a.count + y * b.count) / count;
  return {
    step: mean(a.step, b.step),
    seconds: mean(a.seconds, b.seconds),
    mean: mean(a.mean, b.mean),
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    count,
  };
}

/**
 * A curve's means, each replaced by the mean of those around it under a Gaussian window whose standard deviation is
 * this share of the curve's steps.
 */
export function smoothed(points: readonly CurvePoint[], share = 0.02): readonly number[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first === last) return points.map(({ mean }) => mean);
  const sigma = (last.step - first.step) * share;
  let from = 0;
  return points.map((centre) => {
    while ((points[from]?.step ?? centre.step) < centre.step - 3 * sigma) from++;
    let [sum, weights] = [0, 0];
    for (let i = from; i < points.length; i++) {
      const point = points[i];
      if (point === undefined || point.step > centre.step + 3 * sigma) break;
      const weight = point.count * Math.exp(-0.5 * ((point.step - centre.step) / sigma) ** 2);
      sum += weight * point.mean;
      weights += weight;
    }
    return sum / weights;
  });
}
