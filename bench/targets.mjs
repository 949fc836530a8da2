import { formatBytes, formatSeconds } from './table.mjs';

const verdict = (reached, bound, measured) =>
  `${reached ? 'reached' : 'missed'}: ${bound} (${measured} here)`;

/** How a target of each kind is judged by a table's rows, the first of which is Revela's. */
const judges = {
  /** Time of Revela ÷ time of `against`, at most. */
  time({ atMost, against }, rows) {
    const row = rows.find(({ name }) => name === against);
    if (row === undefined) return `not measured: at most ${atMost} × PyTorch's time`;
    const ratio = row.ratio.median;
    return verdict(ratio <= atMost, `at most ${atMost} × the time of ${against}`, ratio.toFixed(2));
  },
  /** Peak memory of Revela's process ÷ that of `against`, at most. */
  memory({ atMost, against }, [own, ...others]) {
    const row = others.find(({ name }) => name === against);
    if (row === undefined) return `not measured: at most ${atMost} × PyTorch's peak memory`;
    const ratio = own.peakBytes / row.peakBytes;
    const bound = `at most ${atMost} × the peak memory of ${against}, ${formatBytes(row.peakBytes)}`;
    return verdict(ratio <= atMost, bound, ratio.toFixed(2));
  },
  /** How many times faster Revela is than every other, at least. */
  advantage({ atLeast }, rows) {
    const least = Math.min(...rows.filter(({ ratio }) => ratio).map(({ ratio }) => 1 / ratio.median));
    return verdict(least >= atLeast, `at least ${atLeast} × faster`, `${least.toFixed(0)} ×`);
  },
  /** Seconds of the first row, at most. */
  seconds({ atMost }, [own]) {
    if (own === undefined) return undefined;
    const { median } = own.seconds;
    return verdict(median <= atMost, `at most ${formatSeconds(atMost)}`, formatSeconds(median));
  },
};

/** A line for each target of a table: whether it was reached, and what was measured. */
export function verdictLines({ targets = [], rows }) {
  const verdicts = targets.map((target) => judges[target.of](target, rows));
  return verdicts.filter((line) => line !== undefined).map((line) => `target ${line}`);
}
