/** Lines of a table: first column to the left, the others to the right. Empty cells stay empty. */
export function tableLines(headings, rows) {
  const cells = [headings, ...rows].map((row) => row.map((cell) => cell ?? ''));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => [...row[column]].length)));
  const padded = (cell, column) => {
    const space = ' '.repeat(widths[column] - [...cell].length);
    return column === 0 ? cell + space : space + cell;
  };
  return cells.map((row) => row.map(padded).join('  ').trimEnd());
}

export function formatSeconds(seconds) {
  if (seconds >= 100) return `${seconds.toFixed(0)} s`;
  return seconds >= 1 ? `${seconds.toFixed(2)} s` : `${(seconds * 1000).toFixed(seconds < 0.01 ? 2 : 1)} ms`;
}

const twoDigits = (number) => (number >= 100 ? number.toFixed(0) : number.toFixed(number < 10 ? 2 : 1));

/** `0.95 (0.93…0.97)` */
export function formatRatio({ median, min, max }) {
  return `${twoDigits(median)} (${twoDigits(min)}…${twoDigits(max)})`;
}

/** `Revela is 140 × faster`, for ratios of Revela to something slower. */
export function formatAdvantage({ median, min, max }) {
  return `${twoDigits(1 / median)} × (${twoDigits(1 / max)}…${twoDigits(1 / min)})`;
}

export function formatBytes(bytes) {
  return bytes === undefined ? '' : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

export function formatShare(share) {
  return share === undefined || Number.isNaN(share) ? '' : `${(share * 100).toFixed(0)} %`;
}
