import {
  formatAdvantage,
  formatBytes,
  formatRatio,
  formatSeconds,
  formatShare,
  tableLines,
} from './table.mjs';
import { verdictLines } from './targets.mjs';

const gflops = ({ flops, seconds }) => flops / seconds.median / 1e9;

/** Lines for one table of results. `peak`: the measured GFLOP/s of large matrix products. */
export function reportLines(table, peak) {
  const { title, rows, advantage, remark, ratioOf = 'Revela ÷ it' } = table;
  const lines = ['', title];
  if (rows.length > 0) {
    const headings = [
      '',
      'median',
      'fastest',
      'GFLOP/s',
      'of matmul',
      'peak memory',
      advantage ? 'Revela is faster' : ratioOf,
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
  lines.push(...verdictLines(table).map((line) => `  ${line}`));
  if (remark !== undefined) lines.push(`  ${remark}`);
  return lines;
}

/** The best rate of the tables of matrix products. */
export function peakRate(tables) {
  const rates = tables.flatMap(({ rows }) => rows.map(gflops));
  return rates.length === 0 ? undefined : Math.max(...rates);
}
