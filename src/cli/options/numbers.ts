import { InvalidArgumentError } from 'commander';

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function numberIn(text: string): number {
  return plainNumber.test(text.trim()) ? Number(text) : Number.NaN;
}

/** Reads an option's value that must be a whole number between two others, these included. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = numberIn(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}`);
  };
}

/** Reads an option's value that must be between two numbers, these included. */
export function numberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = numberIn(text);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a number from ${least} to ${most}`);
  };
}

/** Reads an option's value that must be above 0 and at most `most`. */
export function positiveNumber(most: number): (text: string) => number {
  return (text) => {
    const value = numberIn(text);
    if (value > 0 && value <= most) return value;
    throw new InvalidArgumentError(`Expected a number above 0, at most ${most}`);
  };
}
