import {
  formatAdvantage,
  formatBytes,
  formatRatio,
  formatSeconds,
  formatShare,
  tableLines,
} from './table.mjs';

const gflops = ({ flops, seconds }) => flops / seconds.median / 1e9;

/** Whether a table's target was reached; undefined for one without a target. */
function verdict({ target, targetSeconds, advantage, against, rows }) {
  if (targetSeconds !== undefined && rows.length > 0) {
    const reached = rows[0].seconds.median <= targetSeconds;
    return `${reached ? 'reached' : 'missed'}: at most ${formatSeconds(targetSeconds)}`;
  }
  if (target === undefined) return undefined;
  if (advantage) {
    const least = Math.min(...rows.filter(({ ratio }) => ratio).map(({ ratio }) => 1 / ratio.median));
    return `${least >= target ? 'reached' : 'missed'}: at least ${target} × faster (${least.toFixed(0)} × here)`;
  }
  const row = rows.find(({ name }) => name === against);
  if (row === undefined) return `not measured: at most ${target} × PyTorch`;
  const ratio = row.ratio.median;
  return `${ratio <= target ? 'reached' : 'missed'}: at most ${target} × the faster ${against} (${ratio.toFixed(2)} × here)`;
}

/** Lines for one table of results. `peak`: the measured GFLOP/s of large matrix products. */
export function reportLines(table, peak) {
  const { title, rows, advantage, remark } = table;
  const lines = ['', title];
  if (rows.length > 0) {
    const headings = [
      '',
      'median',
      'fastest',
      'GFLOP/s',
      'of matmul',
      'peak memory',
      advantage ? 'Revela is faster' : 'Revela ÷ it',
    ];
    const cells = rows.map((row) => [
      row.name,
      formatSeconds(row.seconds.median),
      formatSeconds(row.seconds.min),
      row.flops === undefined ? '' : gflops(row).toPrecision(3),
      row.flops === undefined || peak === undefined ? '' : formatShare(gflops(row) / peak),
      formatBytes(row.peakBytes),
      row.ratio === undefined ? '' : advantage ? formatAdvantage(row.ratio) : formatRatio(row.ratio),
    ]);
    const used = headings.map((_, column) => column === 0 || cells.some((row) => row[column] !== ''));
    const kept = (row) => row.filter((_, column) => used[column]);
    lines.push(...tableLines(kept(headings), cells.map(kept)).map((line) => `  ${line}`));
  }
  const reached = verdict(table);
  if (reached !== undefined) lines.push(`  target ${reached}`);
  if (remark !== undefined) lines.push(`  ${remark}`);
  return lines;
}

/** The best rate of the tables of matrix products. */
export function peakRate(tables) {
  const rates = tables.flatMap(({ rows }) => rows.map(gflops));
  return rates.length === 0 ? undefined : Math.max(...rates);
}
