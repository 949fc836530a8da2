import { type Given, type NeedIn, needOf } from './declared.js';
import type { Option } from './option.js';

const outside = 'ERR_OUT_OF_RANGE';

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const numberIn = (text: string): number => (plainNumber.test(text.trim()) ? Number(text) : Number.NaN);

/** Where a number lies; bounds are allowed themselves but for `above` and `below`. */
export interface Bounds {
  readonly from?: number;
  readonly to?: number;
  readonly above?: number;
  readonly below?: number;
  /** Of a whole number: what it is a multiple of. */
  readonly multiple?: number;
  /** What is counted, for people: `pixels`. */
  readonly unit?: string;
}

/** The bounds in words. */
function within({ from, to, above, below }: Bounds): string {
  const least = from === undefined ? (above === undefined ? '' : `above ${above}`) : `of at least ${from}`;
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  const most = to === undefined ? (below === undefined ? '' : `below ${below}`) : `at most ${to}`;
  const both = [least, most].filter((text) => text !== '').join(', ');
  return both === '' ? '' : ` ${both}`;
}

function isWithin(value: unknown, bounds: Bounds, isWhole: boolean): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  const { from = -Infinity, to = Infinity, above = -Infinity, below = Infinity, multiple = 1 } = bounds;
  const inside = value >= from && value <= to && value > above && value < below;
  return inside && (!isWhole || (Number.isInteger(value) && value % multiple === 0));
}

/**
 * A number within bounds.
 *
 * @example
 * number({ from: 0, to: 100, words: 'how much noise to remove', usual: 'as measured' });
 */
export function number<const G extends Given<number> & Bounds>(facts: G): Option<number, number, NeedIn<G>>;
export function number(facts: Given<number> & Bounds): Option<number, number> {
  return bounded(facts, false);
}

/** A whole number within bounds; without an upper one, as large as can be told exactly. */
export function whole<const G extends Given<number> & Bounds>(facts: G): Option<number, number, NeedIn<G>>;
export function whole(facts: Given<number> & Bounds): Option<number, number> {
  return bounded(facts, true);
}

function bounded(facts: Given<number> & Bounds, isWhole: boolean): Option<number, number> {
  const { multiple = 1 } = facts;
  const kind = multiple === 1 ? `a ${isWhole ? 'whole ' : ''}number` : `a multiple of ${multiple}`;
  const expected = `${kind}${within(facts)}`;
  const limits = isWhole && facts.to === undefined ? { ...facts, to: Number.MAX_SAFE_INTEGER } : facts;
  return {
    value: 'N',
    ...facts,
    expected,
    fits: (value) => isWithin(value, limits, isWhole),
    code: outside,
    need: needOf(facts),
    typable: true,
    read: numberIn,
  };
}

/** One of a list of numbers. */
export function numberOf<const Numbers extends readonly number[], const G extends Given<Numbers[number]>>(
  numbers: Numbers,
  facts: G,
): Option<Numbers[number], Numbers[number], NeedIn<G>>;
export function numberOf(numbers: readonly number[], facts: Given<number>): Option<number, number> {
  const expected = `one of ${numbers.join(', ')}`;
  return {
    value: 'N',
    ...facts,
    expected,
    fits: (value) => numbers.some((one) => one === value),
    code: outside,
    need: needOf(facts),
    typable: true,
    read: numberIn,
  };
}
