/** A place on an axis with what is written there. */
export interface Tick {
  readonly value: number;
  /** Empty where only a line is drawn. */
  readonly label: string;
}

/** From values to places on the chart. */
export interface Scale {
  place(value: number): number;
  readonly ticks: readonly Tick[];
}

/** Two ends; of values the lesser first, of places in any order. */
export type Ends = readonly [number, number];

/** Digits of a mantissa that get a label on a logarithmic axis, the most of them first. */
const mantissas = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]] as const;

/** Lines of a logarithmic axis between its decades are drawn up to so many decades. */
const mostDividedDecades = 5;

/** The least and the greatest of the finite values, apart from each other even where all are the same. */
export function endsOf(values: Iterable<number>): Ends {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least > greatest) return [0, 1];
  if (least < greatest) return [least, greatest];
  const around = Math.abs(least) / 10 || 1;
  return [least - around, greatest + around];
}

/**
 * A linear scale.
 *
 * @param gap least pixels between ticks
 * @param whole whether the axis ends at ticks, so that it reaches a little further than the values
 */
export function linearScale(values: Ends, places: Ends, gap: number, whole: boolean): Scale {
  const length = Math.abs(places[1] - places[0]);
  const step = niceStep(values[1] - values[0], Math.max(1, Math.floor(length / gap)));
  // A value of a tick is at most a rounding error off a multiple.
  const first = whole ? Math.floor(values[0] / step + 1e-9) : Math.ceil(values[0] / step - 1e-9);
  const last = whole ? Math.ceil(values[1] / step - 1e-9) : Math.floor(values[1] / step + 1e-9);
  const multiples = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const ends: Ends = whole ? [first * step, last * step] : values;
  const text = labelsOf(step, Math.max(Math.abs(ends[0]), Math.abs(ends[1])));
  return {
    place: between(ends, places),
    ticks: multiples.map((multiple) => ({ value: multiple * step, label: text(multiple * step) })),
  };
}

/** A logarithmic scale from the least to the greatest value, both above 0; `gap` as of {@link linearScale}. */
export function logScale(values: Ends, places: Ends, gap: number): Scale {
  const linear = between([Math.log10(values[0]), Math.log10(values[1])], places);
  const place = (value: number): number => linear(Math.log10(value));
  const decades = Math.log10(values[1] / values[0]);
  const pixels = Math.abs(places[1] - places[0]) / decades;
  const labelled: readonly number[] = mantissas.find((set) => leastGap(set) * pixels >= gap) ?? [1];
  const every = Math.max(1, Math.ceil(gap / pixels));
  const ticks: Tick[] = [];
  for (let power = Math.floor(Math.log10(values[0])); power <= Math.log10(values[1]); power++) {
    for (const digit of decades <= mostDividedDecades ? mantissas[0] : [1]) {
      // 3e-5 is exact where 3 * 10 ** -5 is not.
      const value = Number(`${digit}e${power}`);
      if (value < values[0] || value > values[1]) continue;
      const shown = labelled.includes(digit) && power % every === 0;
      ticks.push({ value, label: shown ? labelsOf(10 ** power, value)(value) : '' });
    }
  }
  return { place, ticks };
}

/** Of the decade that these digits divide, the share of the smallest part. */
function leastGap(digits: readonly number[]): number {
  return Math.min(...digits.map((digit, i) => Math.log10((digits[i + 1] ?? 10) / digit)));
}

function between([from, to]: Ends, [start, end]: Ends): (value: number) => number {
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

/** 1, 2 or 5 times a power of 10, so that at most so many steps make up the range. */
function niceStep(range: number, most: number): number {
  const rough = range / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((digit) => digit * power >= rough * (1 - 1e-9)) ?? 10);
}

/** How values are written that lie a step apart and are at most so large. */
function labelsOf(step: number, greatest: number): (value: number) => string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (decimals > 5)
    return (value) => (value === 0 ? '0' : String(Number(value.toPrecision(3)).toExponential()));
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const large = { notation: 'compact', maximumSignificantDigits: 4 } as const;
  const format = new Intl.NumberFormat('en', greatest >= 1e6 ? large : digits);
  // -0 would be written with its sign.
  return (value) => format.format(value === 0 ? 0 : value);
}
